#include "base/assert.h"
#include "learn/artefact.h"

/// Any bytes as a shop's models. What decodes can be asked, and written anew decodes to the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rapport::learn;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ASSERT(!decode_models(bytes).ok() || bytes.size() > 50);
  const auto set = decode_model_payload(bytes);
  if (!set.ok()) return 0;
  std::vector<Interaction> events;
  for (std::uint32_t item = 0; item < set->items.size() && item < 5; ++item)
    events.push_back({item, 1, std::int64_t{item / 2} * 86'400'000});
  std::vector<double> scores(set->items.size());
  for (const KeptModel& kept : set->models) kept.model->score({events, 10 * 86'400'000LL}, scores);
  const auto written = encode_models(*set);
  ASSERT(written.ok());
  const auto again = decode_models(*written);
  ASSERT(again.ok() && encode_models(*again).value() == *written);
  return 0;
}
