#include "engine/detail/ingest_one.h"

namespace rapport::engine {

void ingest_one(Engine& engine, ShopNo shop, model::Event event, Reply<EventSeq> reply) {
  IngestRequest request;
  request.events.push_back(std::move(event));
  engine.ingest(shop, std::move(request), [reply = std::move(reply)](Result<model::IngestAnswer> answer) {
    if (answer.ok()) {
      reply(answer->offset);
    } else {
      reply(answer.error());
    }
  });
}

}  // namespace rapport::engine
