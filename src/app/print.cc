#include "app/print.h"

namespace rapport::app {
namespace {

constexpr std::size_t kColumns = 100;

/// Walks the text's brackets and strings; values are copied as they stand.
class Printer {
 public:
  explicit Printer(std::string_view in) : in_(in) {}

  std::string print() {
    value(0);
    out_ += '\n';
    return out_;
  }

 private:
  // The whole value that begins at at_, to the end of its brackets.
  std::string_view peek() const {
    std::size_t at = at_;
    int depth = 0;
    bool text = false;
    for (; at < in_.size(); ++at) {
      const char c = in_[at];
      if (text) {
        if (c == '\\')
          ++at;
        else if (c == '"')
          text = false;
      } else if (c == '"') {
        text = true;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (c == '}' || c == ']') {
        if (depth == 0) break;
        if (--depth == 0) {
          ++at;
          break;
        }
      } else if (c == ',' && depth == 0) {
        break;
      }
    }
    return in_.substr(at_, at - at_);
  }

  static bool nests(std::string_view whole) {
    return whole.size() > 1 && whole.substr(1).find_first_of("{[") != std::string_view::npos;
  }

  void value(int depth) {
    const std::string_view whole = peek();
    const bool bracket = !whole.empty() && (whole.front() == '{' || whole.front() == '[');
    if (!bracket || whole.size() <= 2 ||
        (!nests(whole) && whole.size() + static_cast<std::size_t>(depth) * 2 <= kColumns)) {
      out_ += whole;
      at_ += whole.size();
      return;
    }
    const char open = in_[at_++];
    out_ += open;
    while (at_ < in_.size() && in_[at_] != '}' && in_[at_] != ']') {
      out_ += '\n';
      out_.append(static_cast<std::size_t>(depth + 1) * 2, ' ');
      if (open == '{') key();
      value(depth + 1);
      if (at_ < in_.size() && in_[at_] == ',') out_ += in_[at_++];
    }
    out_ += '\n';
    out_.append(static_cast<std::size_t>(depth) * 2, ' ');
    if (at_ < in_.size()) out_ += in_[at_++];
  }

  void key() {
    const std::size_t start = at_++;
    while (at_ < in_.size() && in_[at_] != '"') at_ += in_[at_] == '\\' ? 2 : 1;
    while (at_ < in_.size() && in_[at_] != ':') ++at_;
    if (at_ < in_.size()) ++at_;
    out_ += in_.substr(start, at_ - start);
    out_ += ' ';
  }

  std::string_view in_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string pretty_json(std::string_view json) {
  return Printer(json).print();
}

}  // namespace rapport::app
