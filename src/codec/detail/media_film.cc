#include <algorithm>
#include <array>

#include "codec/detail/media_parts.h"
#include "codec/media.h"

// MP4: ISO/IEC 14496-12, clause 4.2 (boxes). Data is found by offsets from the file's beginning, so nothing
// may move: what is taken out becomes a `free` box of zeros.
namespace rapport::codec::detail {
namespace {

constexpr std::array<std::string_view, 5> kContainers = {"moov", "trak", "mdia", "minf", "moof"};
constexpr std::array<std::string_view, 5> kTold = {"udta", "meta", "uuid", "skip", "free"};
/// Their fields of creation and modification time, after version and flags.
constexpr std::array<std::string_view, 3> kDated = {"mvhd", "tkhd", "mdhd"};

template <std::size_t n>
bool is_one_of(std::string_view name, const std::array<std::string_view, n>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Film {
 public:
  explicit Film(std::string_view file) : out_(file) {}

  Result<std::string> clean() {
    RAPPORT_CHECK(boxes(0, out_.size(), 0));
    if (!has_moov_) return broken_media("MP4", 0, "no film");
    return std::move(out_);
  }

 private:
  Status boxes(std::size_t at, std::size_t end, int depth) {
    if (depth > kMediaDepthMost) return broken_media("MP4", at, "boxes too deep");
    while (at < end) {
      if (++count_ > kMediaSegmentsMost) return broken_media("MP4", at, "too many boxes");
      if (end - at < 8) return broken_media("MP4", at, "a box cut short");
      std::uint64_t size = big_endian(out_, at, 4);
      std::size_t head = 8;
      if (size == 1) {
        if (end - at < 16) return broken_media("MP4", at, "a box cut short");
        size = big_endian(out_, at + 8, 8);
        head = 16;
      } else if (size == 0) {
        size = end - at;  // to the end
      }
      if (size < head || size > end - at) return broken_media("MP4", at, "a box cut short");
      RAPPORT_CHECK(box(at, head, static_cast<std::size_t>(size), depth));
      at += static_cast<std::size_t>(size);
    }
    return {};
  }

  Status box(std::size_t at, std::size_t head, std::size_t size, int depth) {
    const std::string name = out_.substr(at + 4, 4);
    has_moov_ = has_moov_ || name == "moov";
    if (is_one_of(name, kContainers)) return boxes(at + head, at + size, depth + 1);
    if (is_one_of(name, kTold)) {
      out_.replace(at + 4, 4, "free");
      std::fill_n(out_.begin() + static_cast<std::ptrdiff_t>(at + head), size - head, '\0');
    }
    if (is_one_of(name, kDated) && size >= head + 20) {
      const std::size_t dates = byte_at(out_, at + head) == 1 ? 16 : 8;
      std::fill_n(out_.begin() + static_cast<std::ptrdiff_t>(at + head + 4), dates, '\0');
    }
    return {};
  }

  std::string out_;
  std::size_t count_ = 0;
  bool has_moov_ = false;
};

}  // namespace

bool looks_like_mp4(std::string_view file) {
  // The still pictures of the same container (HEIC, AVIF) keep their metadata where this does not look.
  constexpr std::array<std::string_view, 9> kBrands = {"isom", "iso2", "iso4", "iso5", "iso6",
                                                       "mp41", "mp42", "avc1", "M4V "};
  if (file.size() < 16 || file.substr(4, 4) != "ftyp") return false;
  return is_one_of(file.substr(8, 4), kBrands);
}

Result<std::string> clean_mp4(std::string_view file) {
  return Film(file).clean();
}

}  // namespace rapport::codec::detail
