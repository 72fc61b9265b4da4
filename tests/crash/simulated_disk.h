#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "store/file_system.h"

/// A disk in memory that keeps the promises a real one keeps, and not one more: what was synced survives a
/// power cut, the rest may be lost, torn at any byte, or (names) not yet be where it was put.
namespace rapport::crash {

class SimulatedDisk final : public store::FileSystem {
 public:
  /// The seed decides what of the unsynced survives a power cut.
  explicit SimulatedDisk(std::uint64_t seed);
  ~SimulatedDisk() override;
  std::shared_ptr<rocksdb::FileSystem> rocks() const override;

  /// Writes, syncs, creations, renames, links and deletions so far.
  std::uint64_t steps() const;
  /// The power goes at this step (it does not happen, or for an append only in part), and everything after it
  /// fails until power_on() or process_restart().
  void cut_power_at(std::uint64_t step);
  void cut_power_now();
  /// This one step fails; those after it succeed. For a sync: what it should have brought to the disk is then
  /// lost at the next power cut, as on Linux.
  void fail_at(std::uint64_t step);
  /// Appends fail once the files hold so many bytes; 0 = no limit.
  void set_capacity(std::uint64_t bytes);

  /// After a power cut: unsynced bytes and names are lost or kept as chance has it. Locks are gone. With
  /// Tail::holes a file may also have grown over bytes that never arrived and are now zeros, as when the
  /// pages of one write reach the disk out of order.
  enum class Tail : std::uint8_t { prefix, holes };
  void power_on(Tail tail = Tail::prefix);
  /// After a kill of the process alone: everything written is there. Locks are gone.
  void process_restart();

  /// Paths of all files, sorted.
  std::vector<std::string> files() const;
  std::string read(const std::string& path) const;
  /// Flips one bit of what lies on the disk.
  void flip(const std::string& path, std::uint64_t bit);
  /// Paths of files that hold these bytes.
  std::vector<std::string> files_with(std::string_view needle) const;
  /// A copy of everything as it lies now, with its own power and locks.
  std::unique_ptr<SimulatedDisk> clone(std::uint64_t seed) const;

  struct State;

 private:
  std::shared_ptr<State> state_;
  std::shared_ptr<rocksdb::FileSystem> rocks_;
};

}  // namespace rapport::crash
