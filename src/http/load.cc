#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <deque>

#include "http/client.h"
#include "http/detail/connect.h"
#include "http/detail/reply_reader.h"

namespace rapport::http {
namespace {

/// One connection of a load.
struct Line {
  int fd = -1;
  std::string out;
  std::size_t sent = 0;
  std::string in;
  std::size_t read = 0;             ///< consumed of `in`
  std::deque<std::int64_t> due_ns;  ///< of the requests under way, oldest first
  bool wants_write = false;
};

class Load {
 public:
  explicit Load(const LoadOptions& options) : options_(options) {}

  Result<LoadReport> run() {
    RAPPORT_CHECK(open());
    started_ = monotonic_ns();
    stop_at_ = started_ + options_.time.ms * 1'000'000;
    for (Line& line : lines_) fill(line);
    while (under_way_ > 0 || may_start()) {
      std::array<epoll_event, 128> events;
      const int wait_ms = options_.per_second > 0 ? 0 : 100;
      const int n = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_ms);
      for (int i = 0; i < n; ++i) serve(lines_[events[static_cast<std::size_t>(i)].data.u32]);
      if (options_.per_second > 0) fill_all();
      if (monotonic_ns() > stop_at_ + 10'000'000'000) break;
      if (broken_ == lines_.size()) break;
    }
    report_.seconds = static_cast<double>(last_answer_ - started_) * 1e-9;
    report_.failed += under_way_;
    std::sort(report_.latency_us.begin(), report_.latency_us.end());
    for (Line& line : lines_) {
      if (line.fd >= 0) ::close(line.fd);
    }
    ::close(epoll_);
    return std::move(report_);
  }

 private:
  Status open() {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    lines_.resize(static_cast<std::size_t>(options_.connections));
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      RAPPORT_TRY(lines_[i].fd, detail::connect_to(options_.place));
      ::fcntl(lines_[i].fd, F_SETFL, ::fcntl(lines_[i].fd, F_GETFL) | O_NONBLOCK);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u32 = static_cast<std::uint32_t>(i);
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, lines_[i].fd, &event);
    }
    return {};
  }

  bool may_start() const {
    if (options_.requests > 0) return started_requests_ < options_.requests;
    return monotonic_ns() < stop_at_;
  }

  /// When request number `started_requests_` falls due, in the open loop.
  std::int64_t due() const {
    return started_ +
           static_cast<std::int64_t>(static_cast<double>(started_requests_) * 1e9 / options_.per_second);
  }

  void fill(Line& line) {
    while (line.fd >= 0 && line.due_ns.size() < static_cast<std::size_t>(options_.depth) && may_start()) {
      const std::int64_t now = monotonic_ns();
      const std::int64_t due_at = options_.per_second > 0 ? due() : now;
      if (due_at > now) break;
      options_.make(started_requests_++, line.out);
      line.due_ns.push_back(due_at);
      ++under_way_;
    }
    flush(line);
  }

  void fill_all() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      Line& line = lines_[turn_++ % lines_.size()];
      if (due() > monotonic_ns()) return;
      fill(line);
    }
  }

  void flush(Line& line) {
    while (line.fd >= 0 && line.sent < line.out.size()) {
      const auto n = ::send(line.fd, line.out.data() + line.sent, line.out.size() - line.sent, MSG_NOSIGNAL);
      if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return watch(line, true);
      if (n <= 0) return give_up(line);
      line.sent += static_cast<std::size_t>(n);
    }
    line.out.clear();
    line.sent = 0;
    watch(line, false);
  }

  void watch(Line& line, bool write) {
    if (line.wants_write == write || line.fd < 0) return;
    line.wants_write = write;
    epoll_event event{};
    event.events = EPOLLIN | (write ? static_cast<std::uint32_t>(EPOLLOUT) : 0u);
    event.data.u32 = static_cast<std::uint32_t>(&line - lines_.data());
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, line.fd, &event);
  }

  void give_up(Line& line) {
    ::close(line.fd);
    line.fd = -1;
    ++broken_;
    report_.failed += line.due_ns.size();
    under_way_ -= line.due_ns.size();
    line.due_ns.clear();
  }

  void serve(Line& line) {
    if (line.fd < 0) return;
    char chunk[64 * 1024];
    const auto n = ::recv(line.fd, chunk, sizeof chunk, 0);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) return give_up(line);
    if (n > 0) line.in.append(chunk, static_cast<std::size_t>(n));
    take_answers(line);
    if (line.fd >= 0) fill(line);
  }

  void take_answers(Line& line) {
    detail::ReplyFrame frame;
    while (!line.due_ns.empty()) {
      const auto state = detail::find_reply(std::string_view(line.in).substr(line.read), frame);
      if (state == detail::FrameState::broken) return give_up(line);
      if (state == detail::FrameState::partial) break;
      line.read += frame.end;
      last_answer_ = monotonic_ns();
      report_.latency_us.push_back(static_cast<std::uint32_t>((last_answer_ - line.due_ns.front()) / 1000));
      line.due_ns.pop_front();
      --under_way_;
      ++report_.answers;
      if (frame.status < 200 || frame.status > 299) ++report_.failed;
    }
    if (line.read == line.in.size()) {
      line.in.clear();
      line.read = 0;
    }
  }

  const LoadOptions& options_;
  std::vector<Line> lines_;
  int epoll_ = -1;
  std::int64_t started_ = 0, stop_at_ = 0, last_answer_ = 0;
  std::uint64_t started_requests_ = 0;
  std::size_t under_way_ = 0, broken_ = 0, turn_ = 0;
  LoadReport report_;
};

}  // namespace

std::uint32_t LoadReport::quantile_us(double q) const {
  if (latency_us.empty()) return 0;
  const auto at = static_cast<std::size_t>(q * static_cast<double>(latency_us.size() - 1));
  return latency_us[std::min(at, latency_us.size() - 1)];
}

Result<LoadReport> run_load(const LoadOptions& options) {
  return Load(options).run();
}

}  // namespace rapport::http
