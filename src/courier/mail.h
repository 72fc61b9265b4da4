#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

/// Letters by SMTP (RFC 5321), written after RFC 5322 and RFC 2045-2047: plain text in UTF-8, base64.
namespace rapport::courier {

enum class MailSecurity : std::uint8_t {
  starttls,  ///< in clear until STARTTLS, which is required
  tls,       ///< TLS from the first byte
  none,      ///< in clear; to an address of the loopback only
};

struct MailServer {
  std::string host;
  std::uint16_t port = 587;
  MailSecurity security = MailSecurity::starttls;
  std::string from;       ///< the address that letters are from
  std::string from_name;  ///< what it is called; may be empty
  std::string user, password;
  std::string ca_file;  ///< certificates to trust in place of the system's; "" = the system's
};

/// Errors: bad_input naming the member: no host, an address that is none, a control character anywhere, a
/// password without a user.
Status check_mail_server(const MailServer& server);

/// An address that may stand in an envelope: one '@' with something on both sides, printable ASCII without
/// blanks, quotes and brackets, at most 254 bytes (RFC 5321, 4.5.3.1).
bool is_mail_address(std::string_view address);

struct Letter {
  std::string id;  ///< printable ASCII without blanks; the same at every attempt, it makes the Message-ID
  std::string to;
  std::string subject, text;  ///< UTF-8
};

/// The letter as it goes over the wire, lines ended by CRLF. Line breaks in the subject become blanks. Pure.
std::string format_letter(const MailServer& server, const Letter& letter, Instant sent);

struct MailOutcome {
  int status = 0;  ///< the server's last reply code; 0: none
  bool accepted = false;
  /// Trying again is useless: the server said so for good (5xx to the recipient or the letter), or the
  /// address is none.
  bool refused = false;
  std::string error;  ///< without the recipient's address and without what the server said of it
};

inline constexpr Duration kMailConnectLimit = seconds(10);
inline constexpr Duration kMailAnswerLimit = seconds(60);
/// Attempts before a letter is given up; with the waits between them about two days.
inline constexpr int kMailAttemptsMost = 9;

/// When to try again after attempt number `attempt` (from 1), or nothing: given up. The wait grows from a
/// minute to a day and is stretched by up to a fifth according to `jitter` (uniform in [0, 1)). Pure.
std::optional<Instant> next_mail_attempt(int attempt, const MailOutcome& outcome, Instant now, double jitter);

/// Sends one letter at a time, a connection each. One per thread.
class MailSender {
 public:
  /// `server` has passed check_mail_server.
  explicit MailSender(MailServer server);
  ~MailSender();
  MailSender(const MailSender&) = delete;
  MailSender& operator=(const MailSender&) = delete;
  /// Blocks up to kMailAnswerLimit.
  MailOutcome send(const Letter& letter, Instant now);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rapport::courier
