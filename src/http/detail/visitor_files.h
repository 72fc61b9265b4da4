#pragma once

#include <cstddef>
#include <string_view>

/// What a visitor of a web page, who has a public key like everybody, may send to POST /v1/files.
namespace rapport::http::detail {

inline constexpr std::string_view kFilesPattern = "/v1/files";
inline constexpr std::size_t kPhotoBytesMost = 4 << 20;
inline constexpr std::size_t kVisitorPhotosMost = 30;  ///< of one anonymous id
/// By address: so many at once, then one every ten seconds.
inline constexpr double kPhotosAtOnce = 12;
inline constexpr double kPhotosASecond = 0.1;

}  // namespace rapport::http::detail
