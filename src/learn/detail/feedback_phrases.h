#pragma once

#include <string_view>

/// What the shipped model of feedback learns from: phrases written for this purpose. A line is
/// `classes aspect sentiment urgency: phrase|phrase|...`; classes with commas between, `none` for what
/// belongs to no department. {p} stands for a product, {t} for a length of time. Traditional characters are
/// made of the simplified ones.
namespace rapport::learn {

extern const std::string_view kFeedbackPhrasesZh, kFeedbackPhrasesEn;
/// In the same form; learned for urgency alone.
extern const std::string_view kFeedbackPressingZh, kFeedbackPressingEn;
/// `classes aspect: noun|noun|...`, and what is said of nouns.
extern const std::string_view kFeedbackNounsZh, kFeedbackNounsEn;
extern const std::string_view kFeedbackPraiseZh, kFeedbackPraiseEn, kFeedbackBlameZh, kFeedbackBlameEn;
/// What is said of nouns, {n}, without praise or blame.
extern const std::string_view kFeedbackPlainZh, kFeedbackPlainEn;

}  // namespace rapport::learn
