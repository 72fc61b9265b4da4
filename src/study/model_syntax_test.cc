#include "study/model_syntax.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "study/expression.h"
#include "study/path_model.h"

namespace rapport::study {
namespace {

TEST(ModelSyntax, ReadsModifiersCommentsContinuationsAndAnyScript) {
  const auto model = parse_model(R"(
    # measurement
    质量 =~ NA*问1 + a*问2 +
            start(0.5)*问3 ! the third
    质量 ~~ 1*质量; y ~ b*质量 + 1e+2*z
    y ~ equal("a")*w
    ab := a*b
    a == b
  )");
  ASSERT_TRUE(model.ok()) << model.error().describe();
  ASSERT_EQ(model->terms.size(), 7u);
  EXPECT_TRUE(model->terms[0].freed);
  EXPECT_EQ(model->terms[1].label, "a");
  EXPECT_EQ(model->terms[2].start, 0.5);
  EXPECT_EQ(model->terms[3].fixed, 1.0);
  EXPECT_EQ(model->terms[5].fixed, 100.0);
  EXPECT_EQ(model->terms[6].label, "a");
  EXPECT_EQ(model->definitions[0].expression, "a*b");
  EXPECT_EQ(model->equalities.size(), 1u);
}

TEST(ModelSyntax, RefusesWithTheLineAndWhatIsRight) {
  const std::tuple<const char*, Errc, const char*> cases[] = {
      {"f =~ x1\nx1 ~ 1", Errc::unsupported, "intercept"},
      {"f =~ x1 + ", Errc::bad_input, "term is missing"},
      {"f =~ 3x", Errc::bad_input, "not a variable name"},
      {"x | t1", Errc::unsupported, "thresholds"},
      {"f =~ c(1,2)*x", Errc::unsupported, "groups"},
      {"a < 3", Errc::unsupported, "constraint"},
      {"f =~ x ~ y", Errc::bad_input, "second operator"},
      {"y ~ x:z", Errc::unsupported, "interactions"},
      {"hello", Errc::bad_input, "no operator"},
      {"", Errc::bad_input, "empty"},
      {"y ~ y", Errc::bad_input, "both sides"},
      {"f =~ 1*x\nf =~ 2*x", Errc::bad_input, "fixed twice"},
  };
  for (const auto& [text, code, words] : cases) {
    const auto model = parse_model(text);
    ASSERT_FALSE(model.ok()) << text;
    EXPECT_EQ(model.error().code, code) << text;
    EXPECT_NE(model.error().message.find(words), std::string::npos) << model.error().describe();
  }
}

TEST(ModelSyntax, RandomBytesNeverCrash) {
  const std::uint64_t seed = 81;
  SCOPED_TRACE(seed);
  Random random(seed);
  const std::string alphabet = "fx1 =~+*\"():;#\n<>|%e.9-,NAstart";
  int parsed = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    const auto length = random.below(40);
    for (std::uint64_t i = 0; i < length; ++i) text += alphabet[random.below(alphabet.size())];
    const auto model = parse_model(text);
    if (!model.ok()) continue;
    ++parsed;
    (void)build_path_model(*model).ok();
  }
  EXPECT_GT(parsed, 10);
}

TEST(PathModel, AddsTheDefaultsOfLavaan) {
  const auto model = build_path_model(*parse_model("f =~ x1 + x2 + x3\ng =~ x4\ny ~ f + g + w\nz ~ f"));
  ASSERT_TRUE(model.ok());
  const auto find = [&](const std::string& lhs, const std::string& op, const std::string& rhs) {
    for (const PathParameter& p : model->parameters) {
      if (p.lhs == lhs && p.op == op && p.rhs == rhs) return &p;
    }
    return static_cast<const PathParameter*>(nullptr);
  };
  EXPECT_EQ(find("f", "=~", "x1")->value, 1.0);
  EXPECT_LT(find("f", "=~", "x1")->free, 0);
  EXPECT_LT(find("x4", "~~", "x4")->free, 0) << "a lone indicator has no error";
  EXPECT_GE(find("f", "~~", "g")->free, 0) << "exogenous latent variables covary";
  EXPECT_GE(find("y", "~~", "z")->free, 0) << "purely dependent variables covary";
  EXPECT_TRUE(find("w", "~~", "w")->from_sample);
  EXPECT_EQ(model->exogenous.size(), 1u);
}

TEST(PathModel, EqualLabelsShareOneParameter) {
  const auto model = build_path_model(*parse_model("f =~ x1 + a*x2 + b*x3 + c*x4\na == b\nc == a"));
  ASSERT_TRUE(model.ok()) << model.error().describe();
  EXPECT_EQ(model->parameters[1].free, model->parameters[2].free);
  EXPECT_EQ(model->parameters[1].free, model->parameters[3].free);
  EXPECT_EQ(model->free_count, 1 + 4 + 1);
  for (const PathParameter& p : model->parameters) EXPECT_LT(p.free, model->free_count);
  EXPECT_FALSE(build_path_model(*parse_model("f =~ x1 + a*x2 + x3\na == q")).ok());
}

TEST(Expression, ValueAndExactGradient) {
  const auto slot = [](std::string_view name) -> std::optional<int> {
    return name == "a" ? std::optional<int>(0) : name == "b" ? std::optional<int>(1) : std::nullopt;
  };
  const double slots[] = {0.7, 1.9};
  for (const char* text : {"a*b", "-a^2 + 2^-b", "exp(a)/(1+exp(b))", "sqrt(a*b) - log(b/a)*abs(a-b)",
                           "a^b^0.5", "1 - (a - b) - 3e-1"}) {
    const auto compiled = Expression::compile(text, slot);
    ASSERT_TRUE(compiled.ok()) << compiled.error().describe();
    const auto gradient = compiled->gradient(slots);
    for (int i = 0; i < 2; ++i) {
      double up[] = {0.7, 1.9}, down[] = {0.7, 1.9};
      up[i] += 1e-6;
      down[i] -= 1e-6;
      EXPECT_NEAR(gradient[i], (compiled->evaluate(up) - compiled->evaluate(down)) / 2e-6, 1e-8) << text;
    }
  }
  EXPECT_NEAR(Expression::compile("-a^2", slot)->evaluate(slots), -0.49, 1e-15);
  for (const char* text : {"a*", "a b", "(a", "q", "foo(a)", "", "a**b", ")"})
    EXPECT_FALSE(Expression::compile(text, slot).ok()) << text;
  EXPECT_FALSE(Expression::compile(std::string(1000, '('), slot).ok());
  EXPECT_FALSE(Expression::compile(std::string(1000, '-') + "a", slot).ok());
}

}  // namespace
}  // namespace rapport::study
