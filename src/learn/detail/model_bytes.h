#pragma once

#include <bit>
#include <cmath>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "learn/neighbours.h"

/// Numbers and lists of numbers as bytes of an artefact. Reading gives `corrupt` for a number that is not
/// finite, lies outside its bounds, or a list longer than the bytes that are left.
namespace rapport::learn::detail {

inline void put_double(ByteWriter& out, double value) {
  out.u64(std::bit_cast<std::uint64_t>(value));
}
inline void put_float(ByteWriter& out, float value) {
  out.u32(std::bit_cast<std::uint32_t>(value));
}

inline Error damaged(std::string_view what) {
  return Error{Errc::corrupt, fmt::format("a stored model is damaged: {}", what), "model",
               "the bytes that were written; train again"};
}

inline Result<double> get_double(ByteReader& in, double low, double high, std::string_view what) {
  const double value = std::bit_cast<double>(in.u64());
  // Written so that a value that is no number fails too.
  if (!in.ok() || !(value >= low && value <= high)) return damaged(what);
  return value;
}
inline Result<float> get_float(ByteReader& in, float low, float high, std::string_view what) {
  const float value = std::bit_cast<float>(in.u32());
  if (!in.ok() || !(value >= low && value <= high)) return damaged(what);
  return value;
}

/// A count of things of at least `bytes_each` bytes.
inline Result<std::size_t> get_count(ByteReader& in, std::size_t bytes_each, std::string_view what) {
  const std::uint64_t count = in.varint();
  if (!in.ok() || count > in.left() / bytes_each) return damaged(what);
  return static_cast<std::size_t>(count);
}

/// An item of `items`.
inline Result<std::uint32_t> get_item(ByteReader& in, std::size_t items, std::string_view what) {
  const std::uint64_t item = in.varint();
  if (!in.ok() || item >= items) return damaged(what);
  return static_cast<std::uint32_t>(item);
}

inline void put_doubles(ByteWriter& out, std::span<const double> values) {
  out.varint(values.size());
  for (const double value : values) put_double(out, value);
}
inline Result<std::vector<double>> get_doubles(ByteReader& in, double low, double high,
                                               std::string_view what) {
  RAPPORT_TRY(const std::size_t count, get_count(in, sizeof(double), what));
  std::vector<double> values(count);
  for (double& value : values) {
    RAPPORT_TRY(value, get_double(in, low, high, what));
  }
  return values;
}
inline void put_floats(ByteWriter& out, std::span<const float> values) {
  out.varint(values.size());
  for (const float value : values) put_float(out, value);
}
inline Result<std::vector<float>> get_floats(ByteReader& in, std::string_view what) {
  constexpr float kMost = 1e15F;  // far beyond any factor or weight; sums of them stay finite
  RAPPORT_TRY(const std::size_t count, get_count(in, sizeof(float), what));
  std::vector<float> values(count);
  for (float& value : values) {
    RAPPORT_TRY(value, get_float(in, -kMost, kMost, what));
  }
  return values;
}

inline void put_lists(ByteWriter& out, const NeighbourLists& lists, std::size_t items) {
  for (std::uint32_t item = 0; item < items; ++item) {
    const auto list = lists.of(item);
    out.varint(list.size());
    for (const Neighbour& neighbour : list) {
      out.varint(neighbour.item);
      put_float(out, neighbour.similarity);
    }
  }
}
/// One list an item.
inline Result<NeighbourLists> get_lists(ByteReader& in, std::size_t items) {
  constexpr float kMost = 1e15F;
  NeighbourLists lists;
  for (std::size_t item = 0; item < items; ++item) {
    RAPPORT_TRY(const std::size_t count, get_count(in, 1 + sizeof(float), "neighbours"));
    for (std::size_t i = 0; i < count; ++i) {
      Neighbour neighbour;
      RAPPORT_TRY(neighbour.item, get_item(in, items, "a neighbour"));
      RAPPORT_TRY(neighbour.similarity, get_float(in, -kMost, kMost, "a similarity"));
      lists.neighbours.push_back(neighbour);
    }
    lists.begins.push_back(lists.neighbours.size());
  }
  return lists;
}

}  // namespace rapport::learn::detail
