#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "base/bytes.h"
#include "store/store.h"

namespace rapport::engine {

/// A checkpoint's bytes as they come: a thread of its own reads and checks the file a few pieces ahead, so
/// that no more of it than these is ever in memory. For one thread beside it.
class CheckpointSource final : public ByteSource {
 public:
  CheckpointSource(const store::Store& store, ShopNo shop, const store::CheckpointHead& head);
  ~CheckpointSource() override;
  CheckpointSource(const CheckpointSource&) = delete;
  CheckpointSource& operator=(const CheckpointSource&) = delete;

  std::string_view more(std::string_view rest, std::size_t least) override;
  std::size_t left() const override;
  /// What was wrong with the file, as far as it was read. Errors: those of Store::read_checkpoint.
  Status status() const;

 private:
  Status offer(std::string_view piece);

  const store::Store& store_;
  std::string piece_;          ///< what the reader is in
  std::uint64_t to_come_ = 0;  ///< bytes at the most; 0 once the file has ended
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> ahead_;
  bool ended_ = false, given_up_ = false;
  Status status_;
  std::thread thread_;
};

}  // namespace rapport::engine
