#include "http/detail/survey_page.h"

#include <fmt/format.h>

#include <array>

namespace rapport::http::detail {
namespace {

using model::SurveyItem;
using model::SurveyLanguage;

enum class Word {
  send,
  required,
  optional,
  wrong,
  wrong_head,
  already,
  unknown,
  gone,
  busy,
  thanks,
  choose,
  equal,
  times,
  panel,
  language,
  receipt,
  edited
};

std::string_view word(Word which, SurveyLanguage language) {
  struct Texts {
    std::string_view en, hans, hant;
  };
  static constexpr std::array<Texts, 17> kTexts{{
      {"Send answers", "提交", "送出"},
      {"required", "必答", "必答"},
      {"optional", "选答", "選答"},
      {"Please answer this question.", "请回答这一题。", "請回答這一題。"},
      {"One answer is missing:", "还有一题需要回答：", "還有一題需要回答："},
      {"These answers have already arrived. Thank you.", "您的回答此前已经收到，谢谢。",
       "您的回答先前已經收到，謝謝。"},
      {"This link is not known. Please use the whole link as you received it.",
       "无法识别此链接。请使用收到的完整链接。", "無法識別此連結。請使用收到的完整連結。"},
      {"This survey is over. Thank you for your interest.", "本次调查已经结束，感谢您的关注。",
       "本次調查已經結束，感謝您的關注。"},
      {"The service is busy. Please try again in a moment; nothing was lost.", "服务繁忙，请稍后再试。",
       "服務繁忙，請稍後再試。"},
      {"Thank you. Your answers have arrived.", "谢谢您，您的回答已经收到。", "謝謝您，您的回答已經收到。"},
      {"Please choose", "请选择", "請選擇"},
      {"both alike", "同样重要", "同樣重要"},
      {"{}: {} times as much", "{}：重要 {} 倍", "{}：重要 {} 倍"},
      {"Last round, {} experts: median {}, middle half {} to {}.",
       "上一轮 {} 位专家：中位数 {}，中间一半为 {} 至 {}。",
       "上一輪 {} 位專家：中位數 {}，中間一半為 {} 至 {}。"},
      {"Language", "语言", "語言"},
      {"Your receipt: check that these answers stay as you gave them", "您的凭据：随时可查，确认回答未被改动",
       "您的憑據：隨時可查，確認回答未被改動"},
      {"These questions were changed while you were answering. Please look them over and send again.",
       "您作答期间问卷有改动，请核对后再次提交。", "您作答期間問卷有改動，請核對後再次送出。"},
  }};
  const Texts& texts = kTexts[static_cast<std::size_t>(which)];
  return language == SurveyLanguage::en     ? texts.en
         : language == SurveyLanguage::hans ? texts.hans
                                            : texts.hant;
}

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string head(SurveyLanguage language, std::string_view title) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"robots\" content=\"noindex\">\n<title>{}</title>\n"
      "<link rel=\"icon\" href=\"/favicon.svg\">\n<link rel=\"stylesheet\" href=\"/ask/style.css\">\n<script "
      "src=\"/ask/form.js\" defer></script>\n"
      "</head>\n<body>\n",
      model::survey_language_name(language), escaped(title));
}

std::string languages(SurveyLanguage now) {
  constexpr std::array<std::pair<SurveyLanguage, std::string_view>, 3> kNames{
      {{SurveyLanguage::hans, "简体中文"},
       {SurveyLanguage::hant, "繁體中文"},
       {SurveyLanguage::en, "English"}}};
  std::string out = fmt::format("<nav aria-label=\"{}\">\n", word(Word::language, now));
  for (const auto& [language, name] : kNames) {
    const std::string_view code = model::survey_language_name(language);
    out += fmt::format("<a href=\"?lang={0}\" lang=\"{0}\" hreflang=\"{0}\"{1}>{2}</a>\n", code,
                       language == now ? " aria-current=\"true\"" : "", name);
  }
  return out + "</nav>\n";
}

/// One form being written.
class Form {
 public:
  Form(const engine::SurveySheet& sheet, const SurveyPage& page) : sheet_(sheet), page_(page) {}

  std::string text() {
    const model::Survey& survey = sheet_.survey;
    const std::string title(say(survey.title));
    out_ = head(page_.language, title);
    out_ += languages(page_.language);
    out_ += fmt::format("<main>\n<h1>{}</h1>\n", escaped(title));
    if (!survey.intro.empty()) out_ += fmt::format("<p class=\"intro\">{}</p>\n", escaped(say(survey.intro)));
    if (const SurveyItem* wrong = survey.find(page_.wrong_item))
      out_ += fmt::format("<p class=\"wrong\" role=\"alert\">{} <a href=\"#q-{}\">{}</a></p>\n",
                          word(Word::wrong_head, page_.language), wrong->item, escaped(label_of(*wrong)));
    if (page_.edited)
      out_ += fmt::format("<p class=\"wrong\" role=\"alert\">{}</p>\n", word(Word::edited, page_.language));
    out_ += "<form method=\"post\">\n";
    out_ += fmt::format(
        "<input type=\"hidden\" name=\"response\" value=\"{}\">\n"
        "<input type=\"hidden\" name=\"lang\" value=\"{}\">\n"
        "<input type=\"hidden\" name=\"a.survey_version\" value=\"{}\">\n",
        escaped(sheet_.response), model::survey_language_name(page_.language), sheet_.version);
    for (const SurveyItem& item : survey.items) add(item);
    out_ += fmt::format("<button type=\"submit\">{}</button>\n</form>\n</main>\n</body>\n</html>\n",
                        word(Word::send, page_.language));
    return std::move(out_);
  }

 private:
  std::string_view say(const model::SurveyText& text) const { return in_language(text, page_.language); }
  std::string label_of(const SurveyItem& item) const {
    if (item.type != model::ItemType::pair || !item.text.empty()) return std::string(say(item.text));
    return fmt::format("{} / {}", say(item.left), say(item.right));
  }
  std::string_view given(const SurveyItem& item) const {
    const auto at = page_.given.find(item.item);
    return at == page_.given.end() ? std::string_view() : std::string_view(at->second);
  }
  /// Without a script all questions stand there, so that only the server can ask for the conditional ones.
  bool must_fill(const SurveyItem& item) const { return item.required && !item.when; }

  void add(const SurveyItem& item) {
    std::string condition;
    if (item.when) {
      using Is = model::SurveyCondition::Is;
      condition = fmt::format(" data-when=\"{}\" data-is=\"{}\" data-value=\"{}\"", item.when->item,
                              item.when->is == Is::at_most    ? "at_most"
                              : item.when->is == Is::at_least ? "at_least"
                                                              : "is",
                              item.when->value);
    }
    const bool wrong = item.item == page_.wrong_item;
    const bool grouped = item.type == model::ItemType::scale || item.type == model::ItemType::choice;
    out_ += fmt::format("<{} id=\"q-{}\" class=\"item{}\" tabindex=\"-1\"{}>\n", grouped ? "fieldset" : "div",
                        item.item, wrong ? " missed" : "", condition);
    const std::string mark =
        fmt::format(" <span class=\"mark\">{}</span>",
                    word(item.required ? Word::required : Word::optional, page_.language));
    if (grouped) {
      out_ += fmt::format("<legend>{}{}</legend>\n", escaped(label_of(item)), mark);
    } else {
      out_ += fmt::format("<label for=\"a-{}\">{}{}</label>\n", item.item, escaped(label_of(item)), mark);
    }
    if (wrong) out_ += fmt::format("<p class=\"hint\">{}</p>\n", word(Word::wrong, page_.language));
    add_panel(item);
    if (item.type == model::ItemType::scale) add_scale(item);
    if (item.type == model::ItemType::choice) add_choices(item);
    if (item.type == model::ItemType::pair) add_pair(item);
    if (item.type == model::ItemType::text)
      out_ +=
          fmt::format("<textarea id=\"a-{0}\" name=\"a.{0}\" rows=\"3\" maxlength=\"600\">{1}</textarea>\n",
                      item.item, escaped(given(item)));
    out_ += grouped ? "</fieldset>\n" : "</div>\n";
  }

  void add_panel(const SurveyItem& item) {
    for (const engine::PanelView& view : sheet_.panel) {
      if (view.item != item.item) continue;
      out_ += fmt::format("<p class=\"panel\">{}</p>\n",
                          fmt::format(fmt::runtime(word(Word::panel, page_.language)), view.n, view.median,
                                      view.q1, view.q3));
    }
  }

  void add_radio(const SurveyItem& item, std::int64_t value, std::string_view text,
                 std::string_view described) {
    const bool chosen = given(item) == std::to_string(value);
    out_ += fmt::format(
        "<label><input type=\"radio\" name=\"a.{0}\" value=\"{1}\"{2}{3}{4}><span>{5}</span></label>\n",
        item.item, value, chosen ? " checked" : "", must_fill(item) ? " required" : "", described,
        escaped(text));
  }

  void add_scale(const SurveyItem& item) {
    out_ += "<div class=\"scale\">\n";
    for (std::int64_t value = item.low; value <= item.high; ++value) {
      const std::string_view end = value == item.low    ? say(item.low_label)
                                   : value == item.high ? say(item.high_label)
                                                        : std::string_view();
      const std::string spoken =
          end.empty() ? "" : fmt::format(" aria-label=\"{}: {}\"", value, escaped(end));
      add_radio(item, value, std::to_string(value), spoken);
    }
    out_ += "</div>\n";
    if (!item.low_label.empty() || !item.high_label.empty())
      out_ +=
          fmt::format("<p class=\"ends\" aria-hidden=\"true\"><span>{} = {}</span><span>{} = {}</span></p>\n",
                      item.low, escaped(say(item.low_label)), item.high, escaped(say(item.high_label)));
  }

  void add_choices(const SurveyItem& item) {
    out_ += "<div class=\"choices\">\n";
    for (const model::SurveyChoice& choice : item.choices)
      add_radio(item, choice.value, say(choice.text), "");
    out_ += "</div>\n";
  }

  void add_option(const SurveyItem& item, std::int64_t value, std::string_view text) {
    out_ += fmt::format("<option value=\"{}\"{}>{}</option>\n", value,
                        given(item) == std::to_string(value) ? " selected" : "", escaped(text));
  }

  void add_pair(const SurveyItem& item) {
    out_ += fmt::format("<select id=\"a-{0}\" name=\"a.{0}\"{1}>\n<option value=\"\">{2}</option>\n",
                        item.item, must_fill(item) ? " required" : "", word(Word::choose, page_.language));
    const auto times = [&](const model::SurveyText& side, std::int64_t n) {
      return fmt::format(fmt::runtime(word(Word::times, page_.language)), say(side), n);
    };
    for (std::int64_t n = 9; n >= 2; --n) add_option(item, n, times(item.left, n));
    add_option(item, 1, word(Word::equal, page_.language));
    for (std::int64_t n = 2; n <= 9; ++n) add_option(item, -n, times(item.right, n));
    out_ += "</select>\n";
  }

  const engine::SurveySheet& sheet_;
  const SurveyPage& page_;
  std::string out_;
};

}  // namespace

std::string survey_form_page(const engine::SurveySheet& sheet, const SurveyPage& page) {
  if (sheet.answered) return survey_end_page(SurveyEnd::already, page.language);
  return Form(sheet, page).text();
}

std::string survey_end_page(SurveyEnd end, SurveyLanguage language, std::string_view thanks,
                            std::string_view receipt) {
  constexpr std::array<Word, 5> kWords{Word::thanks, Word::already, Word::unknown, Word::gone, Word::busy};
  const std::string_view text = end == SurveyEnd::thanks && !thanks.empty()
                                    ? thanks
                                    : word(kWords[static_cast<std::size_t>(end)], language);
  return head(language, text) +
         fmt::format("<main class=\"end\">\n<h1>{}</h1>\n{}</main>\n</body>\n</html>\n", escaped(text),
                     receipt.empty() ? ""
                                     : fmt::format("<p><a href=\"/receipt/{}\">{}</a></p>\n",
                                                   escaped(receipt), word(Word::receipt, language)));
}

const std::string_view kSurveyStyle =
    R"(:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;
--line:#8c959f;--accent:#0a5c6b;--on-accent:#fff;--wrong:#b42318;--panel:#eef4f5}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#a9b4bf;--paper:#12171c;--line:#6e7a86;
--accent:#5fc3d3;--on-accent:#08252b;--wrong:#ff9c8f;--panel:#1c262c}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.55 system-ui,"PingFang SC","PingFang TC",
"Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{max-width:42rem;margin:0 auto;padding:0 1rem 4rem}
main.end{padding-top:20vh;text-align:center}
nav{display:flex;justify-content:flex-end;gap:.25rem;max-width:42rem;margin:0 auto;padding:.5rem 1rem}
main.end a{display:inline-block;padding:.6rem;color:var(--accent)}
nav a{padding:.6rem;min-height:2.75rem;color:var(--accent);font-size:.9rem}
nav a[aria-current]{color:var(--ink);font-weight:600;text-decoration:none}
h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0 1rem}
.intro{color:var(--soft);margin:0 0 1.5rem}
.item{border:0;border-top:1px solid var(--line);margin:0;padding:1.25rem 0;min-width:0}
.item[hidden]{display:none}
.item:focus{outline:none}
legend,.item>label{display:block;padding:0;font-weight:600;margin-bottom:.75rem}
fieldset.item legend{float:left;width:100%}
fieldset.item legend+*{clear:both}
.mark{font-weight:400;font-size:.85rem;color:var(--soft);margin-inline-start:.35rem}
.scale{display:grid;grid-template-columns:repeat(auto-fill,minmax(2.75rem,1fr));gap:.4rem}
.choices{display:grid;gap:.5rem}
.scale input,.choices input{position:absolute;opacity:0}
.scale span,.choices span{display:block;min-height:2.75rem;padding:.55rem .75rem;border:1px solid var(--line);
border-radius:.5rem;cursor:pointer}
.scale span{text-align:center;padding-inline:.2rem}
input:checked+span{background:var(--accent);border-color:var(--accent);color:var(--on-accent);font-weight:600}
input:focus-visible+span,select:focus-visible,textarea:focus-visible,button:focus-visible,a:focus-visible
{outline:3px solid var(--accent);outline-offset:2px}
.ends{display:flex;justify-content:space-between;gap:1rem;color:var(--soft);font-size:.9rem;margin:.5rem 0 0}
.panel{background:var(--panel);padding:.5rem .75rem;border-radius:.5rem;margin:0 0 .75rem;font-size:.95rem}
select,textarea{width:100%;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);
border-radius:.5rem;padding:.6rem .75rem;min-height:2.75rem}
button{font:inherit;font-weight:600;width:100%;min-height:3rem;border:0;border-radius:.5rem;background:var(--accent);
color:var(--on-accent);margin-top:1rem;cursor:pointer}
.wrong,.hint{color:var(--wrong);font-weight:600}
.wrong a{color:inherit}
.missed legend,.missed>label{color:var(--wrong)}
)";

const std::string_view kSurveyScript = R"("use strict";
// Questions that an earlier answer leaves out are hidden, and what stands in them is not sent.
const form = document.querySelector("form");
if (form) {
  const answer = (item) => {
    const field = form.querySelector(
      `input[name="a.${item}"]:checked:not(:disabled), select[name="a.${item}"]:not(:disabled)`);
    return field && field.value !== "" ? Number(field.value) : null;
  };
  const holds = (given, is, value) =>
    given !== null && (is === "at_most" ? given <= value : is === "at_least" ? given >= value : given === value);
  const show = () => {
    for (const part of form.querySelectorAll("[data-when]")) {
      const asked = holds(answer(part.dataset.when), part.dataset.is, Number(part.dataset.value));
      part.hidden = !asked;
      for (const field of part.querySelectorAll("input, select, textarea")) field.disabled = !asked;
    }
  };
  form.addEventListener("change", show);
  form.addEventListener("submit", () => {
    for (const button of form.querySelectorAll("button")) setTimeout(() => { button.disabled = true; }, 0);
  });
  show();
  const missed = form.querySelector(".missed");
  if (missed) missed.focus();
}
)";

}  // namespace rapport::http::detail
