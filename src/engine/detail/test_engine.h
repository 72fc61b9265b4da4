#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <future>

#include "codec/segment.h"
#include "engine/engine.h"
#include "engine/engine_mail.h"

/// An engine over a folder of its own, for tests.
namespace rapport::engine {

class EngineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("rapport_engine_test_" + std::to_string(::getpid()) + "_" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    open();
  }
  void TearDown() override {
    engine_.reset();
    std::filesystem::remove_all(folder_);
  }

  void open() {
    EngineOptions options;
    options.data = folder_.string();
    options.compression = false;
    options.allow_private_webhooks = true;
    options.mail = mail_;
    options.clock = clock_;
    auto opened = Engine::open(options);
    ASSERT_TRUE(opened.ok()) << opened.error().describe();
    engine_ = std::move(opened).value();
    if (engine_->find_shop("main").ok()) {
      shop_ = *engine_->find_shop("main");
    } else {
      shop_ = *engine_->create_shop("main", {});
    }
  }
  void reopen() {
    engine_.reset();
    open();
  }

  /// Sends wire messages as one batch and waits for the answer.
  Result<model::IngestAnswer> send(const std::string& messages) {
    codec::ParseOptions options;
    auto parsed = codec::parse_batch("{\"batch\":[" + messages + "]}", codec::EndpointKind::batch, options);
    if (!parsed.ok()) return parsed.error();
    IngestRequest request;
    request.events = std::move(parsed->accepted);
    for (codec::DeadLetter& dead : parsed->dead) {
      request.rejected.push_back(
          {static_cast<std::uint32_t>(dead.index), std::move(dead.reason), std::move(dead.raw)});
    }
    return wait<model::IngestAnswer>([&](auto reply) { engine_->ingest(shop_, std::move(request), reply); });
  }

  /// The same, as a key that stands in web pages would send them.
  Result<model::IngestAnswer> send_from_page(const std::vector<std::string>& messages) {
    IngestRequest request;
    for (const std::string& message : messages) {
      auto parsed = codec::parse_message(message, {});
      if (!parsed.ok()) return parsed.error();
      parsed->from_page = true;
      request.events.push_back(std::move(*parsed));
    }
    return wait<model::IngestAnswer>([&](auto reply) { engine_->ingest(shop_, std::move(request), reply); });
  }

  template <class T>
  Result<T> wait(const std::function<void(Reply<T>)>& ask) {
    auto promise = std::make_shared<std::promise<Result<T>>>();
    auto future = promise->get_future();
    ask([promise](Result<T> answer) { promise->set_value(std::move(answer)); });
    return future.get();
  }

  Result<model::CustomerAnswer> customer(const std::string& ref, std::optional<EventSeq> after = {},
                                         std::optional<EventSeq> known_at = {}) {
    return wait<model::CustomerAnswer>([&](auto reply) {
      CustomerQuery query;
      query.ref = ref;
      query.after_offset = after;
      query.known_at = known_at;
      query.reveal = true;
      engine_->customer(shop_, query, reply);
    });
  }

  /// Folds the log anew in two ways and compares the states, at one position: a Tick may come in between.
  void expect_one_state(std::size_t batch, std::size_t threads, std::size_t other_batch) {
    for (int tries = 0; tries < 50; ++tries) {
      const auto one = engine_->verify(batch, threads);
      const auto other = engine_->verify(other_batch);
      ASSERT_TRUE(one.ok() && other.ok());
      if (one->seq != other->seq) continue;
      EXPECT_EQ(one->state, other->state);
      for (std::size_t i = 0; i < one->shops.size(); ++i)
        EXPECT_EQ(one->shops[i].state, other->shops[i].state);
      return;
    }
    FAIL() << "the log does not come to rest";
  }

  std::filesystem::path folder_;
  std::shared_ptr<const MailSettings> mail_;  ///< of the next open(); none = no letter leaves
  Clock* clock_ = nullptr;                    ///< of the next open(); the wall clock when null
  std::unique_ptr<Engine> engine_;
  ShopNo shop_;
};

inline std::string track(const std::string& user, const std::string& event, const std::string& id,
                         const std::string& properties = "{}") {
  return R"({"type":"track","userId":")" + user + R"(","event":")" + event + R"(","messageId":")" + id +
         R"(","properties":)" + properties + "}";
}

}  // namespace rapport::engine
