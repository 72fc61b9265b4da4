#include "engine/detail/flip_rows.h"

#include <algorithm>
#include <vector>

#include "base/bytes.h"

namespace rapport::engine {

std::string encode_flip(const views::Flip& flip, std::string_view segment) {
  std::string bytes;
  ByteWriter out(bytes);
  out.u8(1);
  out.u64(flip.id.high);
  out.u64(flip.id.low);
  out.u32(flip.customer.value);
  out.u8(flip.entered ? 1 : 0);
  out.u8(static_cast<std::uint8_t>(flip.origin));
  out.i64(flip.valid_time.ms);
  out.text(segment);
  return bytes;
}

Result<model::FlipAnswer> decode_flip(EventSeq cause, std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint8_t version = in.u8();
  const std::uint64_t high = in.u64(), low = in.u64();
  model::FlipAnswer flip;
  flip.id = fmt::format("f_{:016x}{:016x}", high, low);
  flip.customer = CustomerId{in.u32()};
  flip.entered = in.u8() != 0;
  const auto origin = static_cast<views::FlipOrigin>(in.u8());
  flip.corrected = origin == views::FlipOrigin::correction;
  flip.may_send = origin == views::FlipOrigin::event || origin == views::FlipOrigin::time;
  constexpr std::string_view kOrigins[] = {"event", "time", "imported", "correction", "backfill"};
  flip.origin = static_cast<std::size_t>(origin) < std::size(kOrigins)
                    ? kOrigins[static_cast<std::size_t>(origin)]
                    : "";
  flip.valid_time = {in.i64()};
  flip.segment = in.text();
  flip.cause = cause;
  if (!in.ok() || !in.at_end() || version != 1)
    return fail(Errc::corrupt, "a stored flip of record {} is damaged", cause.value);
  return flip;
}

Status store_flips(store::Store& store, ShopNo shop, const FlipSpan& span,
                   std::span<const std::string> segment_names) {
  std::vector<std::string> bodies;
  bodies.reserve(span.flips.size());
  std::vector<store::FlipRow> rows;
  rows.reserve(span.flips.size());
  for (const views::Flip& flip : span.flips) {
    bodies.push_back(encode_flip(flip, segment_names[flip.segment.value]));
    rows.push_back({flip.cause > span.after ? flip.cause : span.upto, flip.customer, bodies.back()});
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const store::FlipRow& a, const store::FlipRow& b) { return a.cause < b.cause; });
  return store.append_flips(shop, span.upto, rows);
}

}  // namespace rapport::engine
