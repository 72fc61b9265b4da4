#pragma once

#include <string>
#include <string_view>

namespace rapport::codec::detail {

/// Writes the personal part: {"properties":{...},"traits":{...},"context":{...}}, with names and values in
/// the sender's own spelling. Sections are written one after the other; an empty one leaves no trace.
class PersonalText {
 public:
  explicit PersonalText(std::string& out) : out_(out) {}
  /// `raw_key` has its quotes; `section` is a fixed word.
  void member(std::string_view section, std::string_view raw_key, std::string_view raw_value) {
    enter(section);
    separate();
    out_.append(raw_key).append(":").append(raw_value);
  }
  void named_member(std::string_view section, std::string_view key, std::string_view raw_value) {
    enter(section);
    separate();
    out_.append("\"").append(key).append("\":").append(raw_value);
  }
  /// A whole section as the sender wrote it.
  void whole(std::string_view section, std::string_view raw_object) {
    leave();
    begin(section);
    out_.append(raw_object);
  }
  void finish() {
    leave();
    if (!out_.empty()) out_.push_back('}');
  }

 private:
  void begin(std::string_view section) {
    out_.append(out_.empty() ? "{\"" : ",\"").append(section).append("\":");
  }
  void enter(std::string_view section) {
    if (section == section_) return;
    leave();
    begin(section);
    out_.push_back('{');
    section_ = section;
    first_ = true;
  }
  void leave() {
    if (!section_.empty()) out_.push_back('}');
    section_ = {};
  }
  void separate() {
    if (!first_) out_.push_back(',');
    first_ = false;
  }

  std::string& out_;
  std::string_view section_;
  bool first_ = true;
};

}  // namespace rapport::codec::detail
