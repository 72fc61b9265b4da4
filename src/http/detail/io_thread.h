#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>
#include <thread>
#include <unordered_set>

#include "http/server.h"

/// Included by server.cc and session.cc only: Asio is slow to compile.
namespace rapport::http::detail {

namespace asio = boost::asio;
using Socket = asio::generic::stream_protocol::socket;

class Session;

/// What the whole server shares.
struct Shared {
  Service& service;
  ServerLimits limits;
  std::atomic<std::uint64_t> connections{0};
  std::atomic<bool> draining{false};
};

/// One loop and its connections. All but post() belongs to its own thread.
struct IoThread {
  explicit IoThread(Shared& s) : shared(s), context(1), work(context.get_executor()), sweep(context) {}
  Shared& shared;
  asio::io_context context;
  asio::executor_work_guard<asio::io_context::executor_type> work;
  asio::steady_timer sweep;
  std::unordered_set<Session*> sessions;
  std::string date_header;  ///< "Date: ...\r\n" of this second
  std::thread thread;
};

/// Starts serving an accepted socket on the thread that owns `io`; called there.
void start_session(const std::shared_ptr<IoThread>& io, Socket socket, bool from_socket);
/// Closes sessions whose time is up, or all idle ones when draining; refreshes the date.
void sweep_sessions(IoThread& io);

}  // namespace rapport::http::detail
