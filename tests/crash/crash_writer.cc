#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "base/random.h"
#include "codec/record.h"
#include "store/store.h"

/// The process that kill_test.cc kills: opens the folder given, appends without end, and tells on standard
/// output (32 bytes digest, 8 bytes seq) what was acknowledged.
int main(int argc, char** argv) {
  using namespace rapport;
  if (argc != 2) return 2;
  auto opened = store::Store::open({.path = argv[1]});
  if (!opened.ok()) {
    std::fprintf(stderr, "%s\n", opened.error().describe().c_str());
    return 3;
  }
  store::Store& store = **opened;
  const auto known = store.find_shop("tea");
  const ShopNo shop = known ? known->shop : store.create_shop("tea")->shop;
  Random random(static_cast<std::uint64_t>(getpid()));
  for (;;) {
    const store::LogHead head = store.last(shop);
    codec::BatchWriter writer(head.seq.next(), Instant{1}, head.digest);
    for (std::uint64_t n = 1 + random.below(200); n > 0; --n) {
      writer.add_event({.message_id = "m", .clear = std::string(random.below(500), 'x')});
    }
    const codec::FinishedBatch batch = std::move(writer).finish();
    if (!store.append({.shop = shop, .batch = batch.bytes, .digest = batch.digest}).ok()) return 4;
    char ack[40];
    const std::uint64_t seq = store.last(shop).seq.value;
    std::memcpy(ack, batch.digest.data(), 32);
    std::memcpy(ack + 32, &seq, 8);
    if (write(STDOUT_FILENO, ack, sizeof ack) != sizeof ack) return 0;
  }
}
