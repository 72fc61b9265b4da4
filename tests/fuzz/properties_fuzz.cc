#include "base/assert.h"
#include "codec/properties.h"

/// Any bytes as clear properties, and each text in them as each of the lists. Views stay inside the input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rapport::codec;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  PropertyReader in(bytes);
  Property property;
  std::vector<std::string_view> texts;
  std::vector<ProductLine> lines;
  std::vector<AnswerItem> answers;
  std::vector<ClauseItem> clauses;
  while (in.next(property)) {
    if (property.is_number) continue;
    ASSERT(property.bytes.data() >= bytes.data() &&
           property.bytes.data() + property.bytes.size() <= bytes.data() + bytes.size());
    read_texts(property.bytes, texts);
    read_lines(property.bytes, lines);
    read_answers(property.bytes, answers);
    read_clauses(property.bytes, clauses);
    ASSERT(texts.size() <= property.bytes.size() && lines.size() <= property.bytes.size());
  }
  return 0;
}
