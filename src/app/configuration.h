#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/engine_mail.h"

/// What a server reads from rapport.toml at its start; secrets come from elsewhere.
namespace rapport::app {

struct Configuration {
  std::shared_ptr<const engine::MailSettings> mail;  ///< none without [mail]
};

/// The text of a configuration. `secret` is asked for RAPPORT_MAIL_USER and RAPPORT_MAIL_PASSWORD ("" = not
/// set). Errors: bad_input naming the member for anything unknown, of another type, or a password in the
/// file.
Result<Configuration> parse_configuration(std::string_view text,
                                          std::string (*secret)(std::string_view name));

/// `path`, or DATA/rapport.toml when it is "" and that is there; without a file nothing is configured.
/// Secrets are read from the environment, or from the file that mail.password_file names. Errors: io,
/// bad_input.
Result<Configuration> read_configuration(const std::string& path, const std::string& data);

}  // namespace rapport::app
