#include "lens/detail/zip_parts.h"

#include <minizip/unzip.h>

namespace rapport::lens::detail {

struct ZipParts::State {
  unzFile file = nullptr;
  std::string path;
  std::uint64_t most = 0, unpacked = 0, whole_size = 0;
  bool open = false;

  Status close() {
    if (!open) return {};
    open = false;
    if (unzCloseCurrentFile(file) == UNZ_OK) return {};
    return Error{Errc::corrupt, "a part of the Excel file is damaged (checksum)", path};
  }
};

ZipParts::ZipParts(std::unique_ptr<State> state) : state_(std::move(state)) {}

ZipParts::~ZipParts() {
  if (state_->open) unzCloseCurrentFile(state_->file);
  unzClose(state_->file);
}

Result<std::unique_ptr<ZipParts>> ZipParts::open(const std::string& path, const ReadLimits& limits) {
  auto state = std::make_unique<State>();
  state->path = path;
  state->most = limits.unpacked_bytes;
  state->file = unzOpen64(path.c_str());
  if (state->file == nullptr) return Error{Errc::corrupt, "not a whole Excel file (no zip directory)", path};
  return std::unique_ptr<ZipParts>(new ZipParts(std::move(state)));
}

bool ZipParts::has(const std::string& part) const {
  return unzLocateFile(state_->file, part.c_str(), 2) == UNZ_OK;
}

Status ZipParts::begin(const std::string& part) {
  RAPPORT_CHECK(state_->close());
  unz_file_info64 info{};
  const bool found =
      has(part) && unzGetCurrentFileInfo64(state_->file, &info, nullptr, 0, nullptr, 0, nullptr, 0) == UNZ_OK;
  if (!found || unzOpenCurrentFile(state_->file) != UNZ_OK) {
    return Error{Errc::corrupt, fmt::format("the Excel file has no part {}", part), state_->path,
                 "a whole .xlsx file"};
  }
  state_->open = true;
  state_->unpacked = 0;
  state_->whole_size = info.uncompressed_size;
  return {};
}

Result<bool> ZipParts::read(std::string& out) {
  constexpr unsigned kChunk = 64 * 1024;
  const std::size_t before = out.size();
  out.resize(before + kChunk);
  const int got = unzReadCurrentFile(state_->file, out.data() + before, kChunk);
  out.resize(before + static_cast<std::size_t>(std::max(got, 0)));
  if (got < 0) return Error{Errc::corrupt, "a part of the Excel file is damaged", state_->path};
  state_->unpacked += static_cast<std::uint64_t>(got);
  if (state_->unpacked > state_->most) {
    return Error{Errc::too_large, fmt::format("a part unpacks to more than {} bytes", state_->most),
                 state_->path};
  }
  if (got > 0) return true;
  RAPPORT_CHECK(state_->close());
  return false;
}

Result<std::string> ZipParts::whole(const std::string& part, std::size_t most) {
  RAPPORT_CHECK(begin(part));
  std::string out;
  for (bool more = true; more;) {
    RAPPORT_TRY(more, read(out));
    if (out.size() > most) {
      return Error{Errc::too_large, fmt::format("part {} is over {} bytes", part, most), state_->path};
    }
  }
  return out;
}

double ZipParts::progress() const {
  if (state_->whole_size == 0) return 1.0;
  return std::min(1.0, static_cast<double>(state_->unpacked) / static_cast<double>(state_->whole_size));
}

// Looks for "<name" or "<prefix:name" followed by a character that ends the name; leaves at_ at the '<'.
bool XmlPieces::find_start() {
  for (std::size_t from = at_;;) {
    const std::size_t open = buffer_.find('<', from);
    if (open == std::string::npos) {
      at_ = buffer_.size();
      return false;
    }
    std::size_t name_end = open + 1;
    while (name_end < buffer_.size() &&
           std::string_view(" \t\r\n/>").find(buffer_[name_end]) == std::string_view::npos) {
      ++name_end;
    }
    if (name_end == buffer_.size()) {
      at_ = open;
      return false;
    }
    const std::string_view name = std::string_view(buffer_).substr(open + 1, name_end - open - 1);
    const std::size_t colon = name.find(':');
    const std::string_view local = colon == std::string_view::npos ? name : name.substr(colon + 1);
    if (local == element_) {
      prefixed_ = name;
      at_ = open;
      return true;
    }
    from = name_end;
  }
}

// One past the piece that begins at at_; npos when more text is needed.
std::size_t XmlPieces::find_end() const {
  const std::size_t tag_end = buffer_.find('>', at_);
  if (tag_end == std::string::npos) return std::string::npos;
  if (buffer_[tag_end - 1] == '/') return tag_end + 1;
  const std::string closing = "</" + prefixed_ + ">";
  const std::size_t close = buffer_.find(closing, tag_end);
  return close == std::string::npos ? std::string::npos : close + closing.size();
}

Result<bool> XmlPieces::next(std::string_view& piece) {
  for (;;) {
    if (!in_piece_) {
      const std::size_t from = at_;
      in_piece_ = find_start();
      if (!seen_ && head_.size() < 64 * 1024) head_.append(buffer_, from, at_ - from);
      seen_ = seen_ || in_piece_;
    }
    if (in_piece_) {
      const std::size_t end = find_end();
      if (end != std::string::npos) {
        piece = std::string_view(buffer_).substr(at_, end - at_);
        at_ = end;
        in_piece_ = false;
        return true;
      }
      if (buffer_.size() - at_ > most_bytes_) {
        return Error{Errc::too_large,
                     fmt::format("an element <{}> of more than {} bytes", element_, most_bytes_)};
      }
    }
    if (ended_) {
      if (!in_piece_) return false;
      return Error{Errc::corrupt, fmt::format("an element <{}> that never closes", element_)};
    }
    buffer_.erase(0, at_);
    at_ = 0;
    if (!in_piece_ && buffer_.size() > most_bytes_) return Error{Errc::too_large, "an endless XML tag"};
    RAPPORT_TRY(const bool more, zip_.read(buffer_));
    ended_ = !more;
  }
}

}  // namespace rapport::lens::detail
