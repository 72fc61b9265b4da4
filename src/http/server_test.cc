#include "http/server.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <thread>

#include "http/client.h"
#include "http/detail/connect.h"
#include "http/problem.h"

namespace rapport::http {
namespace {

/// Echoes what it understood; /later answers from another thread, /wait when told or when the server stops.
class Echo final : public Service {
 public:
  ~Echo() override {
    for (auto& thread : threads_) thread.join();
  }
  std::size_t body_limit(Method, std::string_view path) const override {
    return path == "/small" ? 10 : 100'000;
  }
  std::atomic<bool> gone = false;     ///< The peer of a call to /until-gone has left.
  std::atomic<bool> waiting = false;  ///< A call to /wait has reached its handler.
  void handle(CallPtr call) override {
    if (call->request.path == "/later") {
      const std::lock_guard lock(mutex_);
      threads_.emplace_back([call] { call->respond({.body = "later"}); });
      return;
    }
    if (call->request.path == "/wait") return wait(call);
    if (call->request.path == "/until-gone") {
      call->when_gone([this, call] {
        gone = true;
        call->respond({.body = "nobody reads this"});
      });
      return;
    }
    Response response;
    response.content_type = "text/plain";
    response.body =
        fmt::format("{} {} ?{} [{}] auth={} type={} local={}", method_name(call->request.method),
                    call->request.path, call->request.query, call->request.body, call->request.authorization,
                    call->request.content_type, call->request.from_socket);
    call->respond(std::move(response));
  }

 private:
  void wait(const CallPtr& call) {
    waiting = true;
    if (call->draining()) return call->respond({.body = "drained"});
    call->post_after(milliseconds(10), [this, call] { wait(call); });
  }
  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

struct Served {
  explicit Served(ServerLimits limits = {}, int threads = 1) {
    folder =
        std::filesystem::temp_directory_path() / fmt::format("rapport_http_{}_{}", ::getpid(), counter++);
    std::filesystem::create_directories(folder);
    auto started = Server::start(
        {.listen = "127.0.0.1:0", .socket = folder / "api.sock", .threads = threads, .limits = limits}, echo);
    EXPECT_TRUE(started.ok()) << started.error().describe();
    server = std::move(*started);
  }
  ~Served() {
    server.reset();
    std::filesystem::remove_all(folder);
  }
  Place tcp() const { return {.port = server->port()}; }
  Place local() const { return {.socket = folder / "api.sock"}; }
  static inline int counter = 0;
  Echo echo;
  std::filesystem::path folder;
  std::unique_ptr<Server> server;
};

/// Sends bytes as they are and returns what comes back until the peer closes or `expected` arrived.
std::string raw(const Place& place, std::string_view bytes, std::string_view expected = "\1") {
  const auto fd = detail::connect_to(place);
  if (!fd.ok()) return "";
  const timeval limit{5, 0};
  ::setsockopt(*fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  (void)!::send(*fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  std::string in;
  char chunk[4096];
  while (in.find(expected) == std::string::npos) {
    const auto n = ::recv(*fd, chunk, sizeof chunk, 0);
    if (n <= 0) break;
    in.append(chunk, static_cast<std::size_t>(n));
  }
  ::close(*fd);
  return in;
}

TEST(Server, AnswersOverTcpAndOverTheSocket) {
  Served served;
  Client tcp(served.tcp());
  auto reply = tcp.call(
      {.method = "POST", .target = "/a/b?x=1", .headers = {{"Content-Type", "text/plain"}}, .body = "hi"});
  ASSERT_TRUE(reply.ok()) << reply.error().describe();
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->body, "POST /a/b ?x=1 [hi] auth= type=text/plain local=false");
  EXPECT_FALSE(reply->header("date").empty());
  // The same connection again, then one answered from another thread.
  EXPECT_EQ(tcp.call({.target = "/c"})->body, "GET /c ? [] auth= type= local=false");
  EXPECT_EQ(tcp.call({.target = "/later"})->body, "later");
  EXPECT_EQ(served.server->connections(), 1u);
  Client local(served.local());
  EXPECT_EQ(local.call({.target = "/s"})->body, "GET /s ? [] auth= type= local=true");
  struct stat info {};
  ASSERT_EQ(::stat((served.folder / "api.sock").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST(Server, UnzipsBodies) {
  Served served;
  Client client(served.tcp());
  // printf hello | gzip -n
  const std::string zipped(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00",
      25);
  auto reply = client.call(
      {.method = "POST", .target = "/z", .headers = {{"Content-Encoding", "gzip"}}, .body = zipped});
  EXPECT_EQ(reply->body, "POST /z ? [hello] auth= type= local=false");
  Client again(served.tcp());
  EXPECT_EQ(
      again.call({.method = "POST", .target = "/z", .headers = {{"Content-Encoding", "gzip"}}, .body = "no"})
          ->status,
      400);
  Client third(served.tcp());
  EXPECT_EQ(
      third.call({.method = "POST", .target = "/z", .headers = {{"Content-Encoding", "br"}}, .body = "no"})
          ->status,
      415);
}

TEST(Server, NamesItsLimits) {
  Served served;
  EXPECT_TRUE(raw(served.tcp(), "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n12345678901")
                  .starts_with("HTTP/1.1 413"));
  EXPECT_TRUE(raw(served.tcp(),
                  "POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                  "chunked\r\n\r\nb\r\n12345678901\r\n0\r\n\r\n")
                  .starts_with("HTTP/1.1 413"));
  // Another framing than we read is refused, or a proxy and we would disagree about where the body ends.
  for (const char* coding : {"identity", "gzip", "gzip, chunked", "xchunked"}) {
    EXPECT_TRUE(raw(served.tcp(), fmt::format("POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: {}\r\n"
                                              "Content-Length: 3\r\n\r\nabc",
                                              coding))
                    .starts_with("HTTP/1.1 4") ||
                raw(served.tcp(),
                    fmt::format("POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: {}\r\n\r\nabc", coding))
                    .starts_with("HTTP/1.1 501"))
        << coding;
  }
  EXPECT_TRUE(raw(served.tcp(), "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n")
                  .starts_with("HTTP/1.1 501"));
  EXPECT_TRUE(raw(served.tcp(), "GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n")
                  .starts_with("HTTP/1.1 431"));
  EXPECT_TRUE(raw(served.tcp(), "nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(
      raw(served.tcp(), "GET http://elsewhere/ HTTP/1.1\r\nHost: a\r\n\r\n").starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(raw(served.tcp(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n")
                  .starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(raw(served.tcp(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999\r\n\r\n")
                  .starts_with("HTTP/1.1 413"));
}

TEST(Server, ACallIsToldThatItsPeerHasLeft) {
  Served served;
  {
    const auto fd = detail::connect_to(served.tcp());
    ASSERT_TRUE(fd.ok());
    constexpr std::string_view kAsk = "GET /until-gone HTTP/1.1\r\nHost: a\r\n\r\n";
    ASSERT_GT(::send(*fd, kAsk.data(), kAsk.size(), MSG_NOSIGNAL), 0);
    ::close(*fd);
  }
  for (int i = 0; i < 3'000 && !served.echo.gone; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(served.echo.gone);
}

TEST(Server, SpeaksHttp) {
  Served served;
  // Two requests at once are answered in order; HEAD has no body; chunks are joined; 1.0 closes.
  const std::string two =
      raw(served.tcp(),
          "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_LT(two.find("GET /1"), two.find("GET /2"));
  EXPECT_NE(two.find("Connection: close"), std::string::npos);
  const std::string head = raw(served.tcp(), "HEAD /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(head.ends_with("\r\n\r\n")) << head;
  EXPECT_NE(head.find("Content-Length: 35"), std::string::npos) << head;
  const std::string chunked = raw(served.tcp(),
                                  "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: "
                                  "close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_NE(chunked.find("[abcde]"), std::string::npos) << chunked;
  EXPECT_NE(raw(served.tcp(), "GET /old HTTP/1.0\r\n\r\n").find("GET /old"), std::string::npos);
  const std::string expected =
      raw(served.tcp(), "POST /e HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
          "100 Continue");
  EXPECT_TRUE(expected.starts_with("HTTP/1.1 100 Continue\r\n\r\n")) << expected;
}

TEST(Server, EndsConnectionsThatDawdle) {
  ServerLimits limits;
  limits.header_time = milliseconds(100);
  limits.idle_time = milliseconds(300);
  Served served(limits);
  EXPECT_EQ(raw(served.tcp(), "GET / HT"), "");
  const auto fd = detail::connect_to(served.tcp());
  char byte = 0;
  EXPECT_EQ(::recv(*fd, &byte, 1, 0), 0);  // Idle: the server closes.
  ::close(*fd);
}

TEST(Server, RefusesMoreConnectionsThanItsLimit) {
  ServerLimits limits;
  limits.connections = 2;
  Served served(limits);
  Client a(served.tcp()), b(served.tcp()), c(served.tcp(), milliseconds(500));
  EXPECT_TRUE(a.call({}).ok());
  EXPECT_TRUE(b.call({}).ok());
  EXPECT_FALSE(c.call({}).ok());
}

TEST(Server, StopAnswersWhatIsUnderWay) {
  Served served({}, 2);
  std::string body;
  std::thread waiting([&] {
    Client client(served.tcp());
    auto reply = client.call({.target = "/wait"});
    if (reply.ok()) body = reply->body;
  });
  Client idle(served.tcp());
  EXPECT_TRUE(idle.call({}).ok());
  while (!served.echo.waiting) std::this_thread::yield();  // An accepted connection has not been read yet.
  served.server->stop();
  waiting.join();
  EXPECT_EQ(body, "drained");
  EXPECT_FALSE(std::filesystem::exists(served.folder / "api.sock"));
  Client late(served.tcp());
  EXPECT_FALSE(late.call({}).ok());
}

TEST(Server, SaysWhyItCannotListen) {
  Served served;
  Echo echo;
  const auto taken = Server::start({.listen = fmt::format("127.0.0.1:{}", served.server->port())}, echo);
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().code, Errc::conflict);
  EXPECT_EQ(Server::start({.listen = "nowhere"}, echo).error().code, Errc::bad_input);
  EXPECT_EQ(Server::start({.socket = served.folder / "api.sock"}, echo).error().code, Errc::conflict);
}

TEST(Server, KeepsManyConnectionsApart) {
  Served served({}, 2);
  LoadOptions load{.place = served.tcp(), .connections = 16, .depth = 4, .requests = 4000};
  load.make = [](std::uint64_t i, std::string& out) {
    out += fmt::format("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", i % 7 == 0 ? "later" : "n");
  };
  const auto report = run_load(load);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->answers, 4000u);
  EXPECT_EQ(report->failed, 0u);
}

TEST(Percent, DecodesWhatItEncodes) {
  const std::string text = "杭州 a/b?c=d&e%+~";
  EXPECT_EQ(percent_decode(percent_encode(text), false), text);
  EXPECT_EQ(percent_decode("a+b%2", true), "a b%2");
  Request request;
  request.query = "a=1&b=x%20y+z&a=2&c";
  EXPECT_EQ(request.parameter("a"), "1");
  EXPECT_EQ(request.parameter("b"), "x y z");
  EXPECT_EQ(request.parameter("c"), "");
  EXPECT_EQ(request.parameter("d"), std::nullopt);
}

TEST(Problem, IsADocumentWithCodeWhereAndExpected) {
  const Response response = problem(Error{Errc::overloaded, "the queue is full", "ingest", "fewer events"});
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.body,
            R"({"type":"about:blank","title":"Too Many Requests","status":429,"detail":"the queue is full",)"
            R"("code":"overloaded","where":"ingest","expected":"fewer events"})");
  EXPECT_EQ(response.headers[0].first, "Retry-After");
}

}  // namespace
}  // namespace rapport::http
