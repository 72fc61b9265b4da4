#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/event.h"
#include "views/views.h"

/// Runs the text scripts described in README.md.
namespace rapport::story {

class Story {
 public:
  /// The answer of one command, "" when it has none. A command that makes no sense answers "error: ...".
  std::string run(std::string_view line);

 private:
  std::string command(std::string_view verb, std::string_view rest);
  std::string event(std::string_view rest, bool noun);
  std::string identify(std::string_view rest);
  std::string message(std::string_view json, Instant at, Instant received);
  std::string ask(std::string_view rest);
  std::string why(std::string_view rest);
  std::string tags(std::string_view rest);
  std::string tag(std::string_view rest);
  std::string scores(std::string_view rest);
  std::string segments(std::string_view rest);
  std::string flips();
  std::string undetermined(std::string_view who);

  views::ShopState& state();
  CustomerId customer(std::string_view who);
  std::string name_of(CustomerId customer) const;
  /// " <- Order Completed 2026-01-01, ..." of places in a view.
  std::string places(const views::FactsView& facts, const std::vector<std::uint32_t>& places) const;

  std::vector<views::RuleText> rules_;
  std::unique_ptr<views::ShopState> state_;
  views::FlipList flips_;
  std::map<std::pair<model::IdentifierKind, std::string>, NodeId> nodes_;
  Instant received_ = Instant::min();
  std::uint64_t seq_ = 0;
};

/// Runs a whole file; returns "" or what differed, with the line.
std::string run_file(const std::string& path);

}  // namespace rapport::story
