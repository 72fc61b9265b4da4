#include "study/expression.h"

#include <array>
#include <charconv>
#include <cmath>

namespace rapport::study {
namespace {

constexpr int kDepthMax = 100;

}  // namespace

/// Recursive descent: sum > product > signed power > atom, writing postfix.
class ExpressionCompiler {
 public:
  using Code = Expression::Code;
  ExpressionCompiler(std::string_view text, const Expression::SlotOf& slot_of)
      : text_(text), slot_of_(slot_of) {}

  Result<Expression> run() {
    RAPPORT_CHECK(sum());
    skip();
    if (at_ < text_.size()) return wrong(fmt::format("'{}' is not expected here", text_.substr(at_, 1)));
    return std::move(out_);
  }

 private:
  struct Depth {
    int& depth;
    explicit Depth(int& d) : depth(d) { ++depth; }
    ~Depth() { --depth; }
  };
  Error wrong(std::string message) const {
    return Error{Errc::bad_input, std::move(message), fmt::format("'{}' position {}", text_, at_ + 1),
                 "+ - * / ^ ( ) exp log sqrt abs, numbers and labels given as label*x"};
  }
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  bool take(char c) {
    skip();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void emit(Code code) { out_.steps_.push_back({code}); }

  Status sum() {
    const Depth guard(depth_);
    if (depth_ > kDepthMax) return wrong("the expression is nested too deeply");
    RAPPORT_CHECK(product());
    while (true) {
      const bool plus = take('+');
      if (!plus && !take('-')) return {};
      RAPPORT_CHECK(product());
      emit(plus ? Code::add : Code::subtract);
    }
  }
  Status product() {
    RAPPORT_CHECK(signed_power());
    while (true) {
      const bool times = take('*');
      if (!times && !take('/')) return {};
      RAPPORT_CHECK(signed_power());
      emit(times ? Code::multiply : Code::divide);
    }
  }
  Status signed_power() {
    const Depth guard(depth_);
    if (depth_ > kDepthMax) return wrong("the expression is nested too deeply");
    if (take('-')) {
      RAPPORT_CHECK(signed_power());
      emit(Code::negate);
      return {};
    }
    RAPPORT_CHECK(atom());
    if (!take('^')) return {};
    RAPPORT_CHECK(signed_power());
    emit(Code::power);
    return {};
  }
  Status atom() {
    if (take('(')) {
      RAPPORT_CHECK(sum());
      return take(')') ? Status{} : Status{wrong("a ')' is missing")};
    }
    if (at_ >= text_.size()) return wrong("the expression ends too early");
    const char c = text_[at_];
    if ((c >= '0' && c <= '9') || c == '.') {
      double value = 0;
      const auto [end, code] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
      if (code != std::errc{}) return wrong("a number is not readable");
      at_ = static_cast<std::size_t>(end - text_.data());
      out_.steps_.push_back({Code::number, value});
      return {};
    }
    const std::size_t start = at_;
    while (at_ < text_.size() && std::string_view(" \t+-*/^()").find(text_[at_]) == std::string_view::npos)
      ++at_;
    const std::string_view name = text_.substr(start, at_ - start);
    if (name.empty()) return wrong("a number or a label is missing");
    return take('(') ? function(name) : label(name);
  }
  Status label(std::string_view name) {
    const std::optional<int> slot = slot_of_(name);
    if (!slot) return wrong(fmt::format("'{}' is no label of the model", name));
    out_.steps_.push_back({Code::slot, 0, *slot});
    return {};
  }
  Status function(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, Code>, 4> kFunctions{
        {{"exp", Code::exp}, {"log", Code::log}, {"sqrt", Code::sqrt}, {"abs", Code::abs}}};
    for (const auto& [word, code] : kFunctions) {
      if (word != name) continue;
      RAPPORT_CHECK(sum());
      if (!take(')')) return wrong("a ')' is missing");
      emit(code);
      return {};
    }
    return wrong(fmt::format("'{}' is not a known function", name));
  }

  std::string_view text_;
  const Expression::SlotOf& slot_of_;
  Expression out_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

Result<Expression> Expression::compile(std::string_view text, const SlotOf& slot_of) {
  if (text.size() > 4096) return fail(Errc::too_large, "an expression is over 4096 bytes");
  return ExpressionCompiler(text, slot_of).run();
}

double Expression::evaluate(std::span<const double> slots) const {
  std::array<double, 4096> stack;  // the depth cannot exceed the length of the text
  std::size_t top = 0;
  for (const Step& step : steps_) {
    const bool binary = step.code >= Code::add && step.code <= Code::power;
    const double right = binary ? stack[--top] : 0;
    double& left = stack[step.code == Code::number || step.code == Code::slot ? top++ : top - 1];
    switch (step.code) {
      case Code::number:
        left = step.number;
        break;
      case Code::slot:
        left = slots[static_cast<std::size_t>(step.slot)];
        break;
      case Code::add:
        left += right;
        break;
      case Code::subtract:
        left -= right;
        break;
      case Code::multiply:
        left *= right;
        break;
      case Code::divide:
        left /= right;
        break;
      case Code::power:
        left = std::pow(left, right);
        break;
      case Code::negate:
        left = -left;
        break;
      case Code::exp:
        left = std::exp(left);
        break;
      case Code::log:
        left = std::log(left);
        break;
      case Code::sqrt:
        left = std::sqrt(left);
        break;
      case Code::abs:
        left = std::abs(left);
        break;
    }
  }
  return stack[0];
}

math::Vector Expression::gradient(std::span<const double> slots) const {
  struct Dual {
    double value;
    math::Vector d;
  };
  const auto size = static_cast<std::ptrdiff_t>(slots.size());
  std::vector<Dual> stack;
  for (const Step& step : steps_) {
    if (step.code == Code::number || step.code == Code::slot) {
      stack.push_back({step.number, math::Vector::Zero(size)});
      if (step.code == Code::slot) {
        stack.back().value = slots[static_cast<std::size_t>(step.slot)];
        stack.back().d[step.slot] = 1;
      }
      continue;
    }
    const bool binary = step.code <= Code::power;
    const Dual r = stack.back();
    if (binary) stack.pop_back();
    Dual& l = stack.back();
    switch (step.code) {
      case Code::add:
        l = {l.value + r.value, l.d + r.d};
        break;
      case Code::subtract:
        l = {l.value - r.value, l.d - r.d};
        break;
      case Code::multiply:
        l = {l.value * r.value, l.d * r.value + r.d * l.value};
        break;
      case Code::divide:
        l = {l.value / r.value, (l.d - r.d * (l.value / r.value)) / r.value};
        break;
      case Code::power: {
        const double value = std::pow(l.value, r.value);
        math::Vector d = l.d * (r.value * std::pow(l.value, r.value - 1));
        if (!r.d.isZero(0)) d += r.d * (value * std::log(l.value));
        l = {value, std::move(d)};
        break;
      }
      case Code::negate:
        l = {-r.value, -r.d};
        break;
      case Code::exp:
        l = {std::exp(r.value), r.d * std::exp(r.value)};
        break;
      case Code::log:
        l = {std::log(r.value), r.d / r.value};
        break;
      case Code::sqrt:
        l = {std::sqrt(r.value), r.d / (2 * std::sqrt(r.value))};
        break;
      default:
        l = {std::abs(r.value), r.d * (r.value < 0 ? -1.0 : 1.0)};
        break;
    }
  }
  return stack[0].d;
}

}  // namespace rapport::study
