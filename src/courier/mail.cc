#include "courier/mail.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"

namespace rapport::courier {
namespace {

constexpr std::size_t kAddressMostBytes = 254;
/// Octets of UTF-8 in one encoded word: with its frame 75 characters at most (RFC 2047, 2).
constexpr std::size_t kEncodedWordMost = 45;
constexpr std::size_t kBase64LineMost = 76;

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

/// How much of `text` fits in `most` bytes without cutting a character.
std::size_t whole_characters(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text.size();
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return end == 0 ? most : end;
}

/// Words of RFC 2047 where there is anything but plain ASCII; folded, for a header of `name`.
std::string encode_words(std::string_view text) {
  const bool plain = is_ascii(text) && text.find("=?") == std::string_view::npos && text.size() < 60;
  if (plain) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const std::size_t size = whole_characters(text, kEncodedWordMost);
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + to_base64(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return out;
}

std::string on_one_line(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return out;
}

std::string domain_of(const MailServer& server) {
  return server.from.substr(server.from.find('@') + 1);
}

/// "Sun, 22 Nov 2026 16:05:00 +0000" (RFC 5322, 3.3).
std::string mail_date(Instant at) {
  constexpr std::array<std::string_view, 7> kDays = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const CivilTime civil = civil_from_instant(at);
  const auto weekday = static_cast<std::size_t>(((day_number(at) % 7) + 7) % 7);
  return fmt::format("{}, {} {} {:04} {:02}:{:02}:{:02} +0000", kDays[weekday], civil.day,
                     kMonths[static_cast<std::size_t>(civil.month - 1)], civil.year, civil.hour, civil.minute,
                     civil.second);
}

/// What the callbacks of one letter share.
struct Sending {
  std::string_view rest;
  bool loopback_only = false;
  bool refused_address = false;
};

std::size_t give_bytes(char* to, std::size_t size, std::size_t count, void* context) {
  auto& sending = *static_cast<Sending*>(context);
  const std::size_t n = std::min(size * count, sending.rest.size());
  std::copy_n(sending.rest.begin(), n, to);
  sending.rest.remove_prefix(n);
  return n;
}

bool is_loopback(const curl_sockaddr& address) {
  if (address.family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address.addr);
    return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address.addr);
  return address.family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0;
}

// The address that will be connected, whatever the name resolved to before: in clear nothing leaves the
// machine.
curl_socket_t open_socket(void* context, curlsocktype, curl_sockaddr* address) {
  auto& sending = *static_cast<Sending*>(context);
  if (sending.loopback_only && !is_loopback(*address)) {
    sending.refused_address = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

struct Recipients {
  curl_slist* list = nullptr;
  ~Recipients() { curl_slist_free_all(list); }
};

void set_server(CURL* curl, const MailServer& server, Sending& sending) {
  const std::string url =
      fmt::format("{}://{}:{}/{}", server.security == MailSecurity::tls ? "smtps" : "smtp", server.host,
                  server.port, domain_of(server));
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(kMailConnectLimit.ms));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(kMailAnswerLimit.ms));
  const bool clear = server.security == MailSecurity::none;
  curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(clear ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!server.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, server.ca_file.c_str());
  if (!server.user.empty()) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, server.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, server.password.c_str());
  }
  sending.loopback_only = clear;
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &sending);
}

}  // namespace

bool is_mail_address(std::string_view address) {
  const std::size_t at = address.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == address.size()) return false;
  if (address.find('@', at + 1) != std::string_view::npos || address.size() > kAddressMostBytes) return false;
  return std::all_of(address.begin(), address.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7f && std::string_view("<>()[]\\,;:\"").find(c) == std::string_view::npos;
  });
}

Status check_mail_server(const MailServer& server) {
  const auto wrong = [](std::string_view what, std::string_view where, std::string_view expected) {
    return Error{Errc::bad_input, std::string(what), std::string(where), std::string(expected)};
  };
  if (server.host.empty() || has_control(server.host) || !is_ascii(server.host) ||
      server.host.find_first_of("/@ ?#") != std::string::npos)
    return wrong("not the name of a mail server", "mail.host", "a host such as smtp.example.com");
  if (server.port == 0) return wrong("no port", "mail.port", "465, 587, or what the server listens on");
  if (!is_mail_address(server.from))
    return wrong("not an address", "mail.from", "an address such as care@shop.example");
  if (has_control(server.from_name)) return wrong("a line break in the name", "mail.name", "one line");
  if (has_control(server.user) || has_control(server.password))
    return wrong("a line break in the user or password", "mail.user", "one line each");
  if (server.user.empty() && !server.password.empty())
    return wrong("a password without a user", "mail.user", "the name that the server knows");
  return {};
}

std::string format_letter(const MailServer& server, const Letter& letter, Instant sent) {
  std::string out;
  const auto header = [&out](std::string_view name, std::string_view value) {
    out += fmt::format("{}: {}\r\n", name, value);
  };
  header("Date", mail_date(sent));
  header("From",
         server.from_name.empty()
             ? server.from
             : fmt::format("=?UTF-8?B?{}?= <{}>",
                           to_base64(std::string_view(server.from_name)
                                         .substr(0, whole_characters(server.from_name, kEncodedWordMost))),
                           server.from));
  header("To", letter.to);
  header("Subject", encode_words(on_one_line(letter.subject)));
  header("Message-ID", fmt::format("<{}@{}>", letter.id, domain_of(server)));
  header("Auto-Submitted", "auto-generated");
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=utf-8");
  header("Content-Transfer-Encoding", "base64");
  out += "\r\n";
  const std::string body = to_base64(letter.text);
  for (std::size_t at = 0; at < body.size(); at += kBase64LineMost)
    out += body.substr(at, kBase64LineMost) + "\r\n";
  return out;
}

std::optional<Instant> next_mail_attempt(int attempt, const MailOutcome& outcome, Instant now,
                                         double jitter) {
  constexpr Duration kWaits[] = {minutes(1), minutes(5), minutes(30), hours(1),
                                 hours(2),   hours(6),   hours(12),   hours(24)};
  static_assert(std::size(kWaits) == kMailAttemptsMost - 1);
  if (outcome.refused || attempt >= kMailAttemptsMost) return std::nullopt;
  Duration wait = kWaits[attempt < 1 ? 0 : attempt - 1];
  wait.ms += static_cast<std::int64_t>(static_cast<double>(wait.ms) / 5 * jitter);
  return now + wait;
}

struct MailSender::State {
  MailServer server;
  CURL* curl = nullptr;
};

MailSender::MailSender(MailServer server) : state_(std::make_unique<State>()) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  state_->server = std::move(server);
  state_->curl = ready == CURLE_OK ? curl_easy_init() : nullptr;
}

MailSender::~MailSender() {
  if (state_->curl != nullptr) curl_easy_cleanup(state_->curl);
}

MailOutcome MailSender::send(const Letter& letter, Instant now) {
  MailOutcome outcome;
  if (!is_mail_address(letter.to)) {
    outcome.refused = true;
    outcome.error = "not an address that mail can be sent to";
    return outcome;
  }
  if (state_->curl == nullptr) {
    outcome.error = "libcurl did not start";
    return outcome;
  }
  CURL* curl = state_->curl;
  curl_easy_reset(curl);
  const std::string bytes = format_letter(state_->server, letter, now);
  Sending sending{.rest = bytes};
  set_server(curl, state_->server, sending);
  Recipients recipients{curl_slist_append(nullptr, letter.to.c_str())};
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, state_->server.from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.list);
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_bytes);
  curl_easy_setopt(curl, CURLOPT_READDATA, &sending);
  const CURLcode code = curl_easy_perform(curl);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  outcome.status = static_cast<int>(status);
  outcome.accepted = code == CURLE_OK;
  if (outcome.accepted) return outcome;
  // A refused log-in is ours to mend, so the letter waits for that. Everything else that the server refuses
  // for good concerns this recipient or this letter.
  outcome.refused = code != CURLE_LOGIN_DENIED && status >= 500 && status <= 599;
  outcome.error =
      sending.refused_address ? "in clear mail goes to the loopback only" : curl_easy_strerror(code);
  return outcome;
}

}  // namespace rapport::courier
