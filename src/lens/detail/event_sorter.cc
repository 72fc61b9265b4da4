#include "lens/detail/event_sorter.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/bytes.h"

namespace rapport::lens::detail {
namespace {

std::size_t bytes_of(const model::Event& event) {
  std::size_t bytes = sizeof(model::Event) + event.name.size() + event.message_id.size() +
                      event.clear.size() + event.personal.size();
  for (const model::Identifier& identifier : event.identifiers)
    bytes += sizeof identifier + identifier.value.size();
  return bytes;
}

void write_time(ByteWriter& out, const std::optional<Instant>& time) {
  out.u8(time.has_value() ? 1 : 0);
  out.i64(time.value_or(Instant{}).ms);
}

std::optional<Instant> read_time(ByteReader& in) {
  const bool given = in.u8() == 1;
  const Instant time{in.i64()};
  return given ? std::optional(time) : std::nullopt;
}

}  // namespace

void write_event(const model::Event& event, std::string& out) {
  ByteWriter writer(out);
  writer.u8(static_cast<std::uint8_t>(event.type));
  writer.u16(event.kind.value);
  writer.u8(static_cast<std::uint8_t>((event.is_alias ? 1 : 0) | (event.from_import ? 2 : 0)));
  write_time(writer, event.timestamp);
  write_time(writer, event.sent_at);
  writer.text(event.name);
  writer.text(event.message_id);
  writer.text(event.clear);
  writer.text(event.personal);
  writer.varint(event.identifiers.size());
  for (const model::Identifier& identifier : event.identifiers) {
    writer.u8(static_cast<std::uint8_t>(identifier.kind));
    writer.text(identifier.value);
  }
}

bool read_event(std::string_view bytes, model::Event& event) {
  ByteReader in(bytes);
  event = {};
  event.type = static_cast<model::EventType>(in.u8());
  event.kind = model::EventKind{in.u16()};
  const std::uint8_t flags = in.u8();
  event.is_alias = (flags & 1) != 0;
  event.from_import = (flags & 2) != 0;
  event.timestamp = read_time(in);
  event.sent_at = read_time(in);
  event.name = in.text();
  event.message_id = in.text();
  event.clear = in.text();
  event.personal = in.text();
  for (std::uint64_t n = in.varint(); in.ok() && n > 0; --n) {
    const auto kind = static_cast<model::IdentifierKind>(in.u8());
    event.identifiers.push_back({kind, std::string(in.text())});
  }
  return in.ok() && in.at_end();
}

/// One sorted run on disk: items as (time, order, length, bytes).
struct EventSorter::Run {
  std::FILE* file = nullptr;
  Item head;
  std::string buffer;

  ~Run() {
    if (file != nullptr) std::fclose(file);
  }

  static Result<std::unique_ptr<Run>> create(const std::string& scratch) {
    std::string pattern = scratch + "/rapport-import-XXXXXX";
    const int descriptor = ::mkstemp(pattern.data());
    if (descriptor < 0)
      return Error{Errc::io, fmt::format("no scratch file: {}", std::strerror(errno)), scratch};
    ::unlink(pattern.c_str());  // gone when closed, whatever happens
    auto run = std::make_unique<Run>();
    run->file = ::fdopen(descriptor, "w+b");
    return run;
  }

  Status write(const Item& item) {
    buffer.clear();
    std::string body;
    write_event(item.event, body);
    ByteWriter out(buffer);
    out.i64(item.time.ms);
    out.u64(item.order);
    out.u32(static_cast<std::uint32_t>(body.size()));
    out.raw(body);
    if (std::fwrite(buffer.data(), 1, buffer.size(), file) == buffer.size()) return {};
    return Error{Errc::io, fmt::format("cannot write a scratch file: {}", std::strerror(errno))};
  }

  // False at the end of the run.
  Result<bool> advance() {
    constexpr std::size_t kHead = 20;
    buffer.resize(kHead);
    const std::size_t got = std::fread(buffer.data(), 1, kHead, file);
    if (got == 0 && std::feof(file) != 0) return false;
    ByteReader in(buffer);
    head.time = Instant{in.i64()};
    head.order = in.u64();
    const std::uint32_t size = in.u32();
    std::string body(size, '\0');
    if (got != kHead || std::fread(body.data(), 1, size, file) != size || !read_event(body, head.event)) {
      return Error{Errc::io, "a scratch file was cut"};
    }
    return true;
  }
};

EventSorter::EventSorter(std::size_t budget_bytes, std::string scratch)
    : budget_(budget_bytes), scratch_(std::move(scratch)) {
  if (scratch_.empty()) scratch_ = std::filesystem::temp_directory_path().string();
}
EventSorter::~EventSorter() = default;

Status EventSorter::add(model::Event event) {
  const Instant time = event.timestamp.value_or(Instant::max());
  if (event.timestamp) newest_ = std::max(newest_, time);
  used_ += bytes_of(event);
  items_.push_back({std::move(event), time, order_++});
  return used_ > budget_ ? spill() : Status{};
}

void EventSorter::sort() {
  std::sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) {
    return a.time != b.time ? a.time < b.time : a.order < b.order;
  });
}

Status EventSorter::spill() {
  sort();
  RAPPORT_TRY(auto run, Run::create(scratch_));
  for (const Item& item : items_) RAPPORT_CHECK(run->write(item));
  if (std::fflush(run->file) != 0) return Error{Errc::io, "cannot write a scratch file", scratch_};
  std::rewind(run->file);
  runs_.push_back(std::move(run));
  items_.clear();
  used_ = 0;
  return {};
}

Status EventSorter::finish() {
  if (runs_.empty()) {
    sort();
    return {};
  }
  if (!items_.empty()) RAPPORT_CHECK(spill());
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    RAPPORT_TRY(const bool any, runs_[i]->advance());
    if (any) heap_.push_back(i);
  }
  return {};
}

Result<bool> EventSorter::next(model::Event& out) {
  if (runs_.empty()) {
    if (at_ == items_.size()) return false;
    out = std::move(items_[at_++].event);
    return true;
  }
  const auto later = [this](std::size_t a, std::size_t b) {
    const Item& x = runs_[a]->head;
    const Item& y = runs_[b]->head;
    return x.time != y.time ? x.time > y.time : x.order > y.order;
  };
  if (at_ == 0) std::make_heap(heap_.begin(), heap_.end(), later);
  at_ = 1;
  if (heap_.empty()) return false;
  std::pop_heap(heap_.begin(), heap_.end(), later);
  Run& first = *runs_[heap_.back()];
  out = std::move(first.head.event);
  RAPPORT_TRY(const bool more, first.advance());
  if (more) {
    std::push_heap(heap_.begin(), heap_.end(), later);
  } else {
    heap_.pop_back();
  }
  return true;
}

std::size_t EventSorter::runs() const {
  return runs_.size();
}

}  // namespace rapport::lens::detail
