#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"
#include "courier/test_mail_sink.h"
#include "engine/engine_mail.h"

/// For tests of what leaves by letter.
namespace rapport::engine {

inline std::shared_ptr<const MailSettings> letter_settings(courier::MailServer server) {
  return std::make_shared<const MailSettings>(
      MailSettings{std::move(server), "https://shop.example", model::SurveyLanguage::hant});
}

/// The header's value, or the decoded body for "".
inline std::string letter_part(const std::string& letter, const std::string& header) {
  if (header.empty()) {
    const std::size_t body = letter.find("\n\n") + 2;
    std::string packed;
    for (const char c : letter.substr(body)) packed += c == '\n' ? "" : std::string(1, c);
    return from_base64(packed).value_or("?");
  }
  const std::size_t at = letter.find(header + ": ") + header.size() + 2;
  return letter.substr(at, letter.find('\n', at) - at);
}

}  // namespace rapport::engine
