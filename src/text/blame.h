#pragma once

#include <string_view>

/// What people say of a shop when they have had enough of it, told apart from what they ask. Chinese in both
/// scripts and English. Pure; any thread.
namespace rapport::text {

/// Whether words of blame stand in it: something is bad, broken, late, missing or false, or nobody cares. A
/// matter alone (噪音, 保修, "delivery time"), a question, a wish and a yes hold none. It tells that a text
/// is a complaint only beside a model that says so: 不错 and "never better" hold such words, too.
bool states_fault(std::string_view utf8);

/// Whether it asks or wishes for something: 怎么, 多少, 能不能, "where", "can you". Whatever it blames
/// besides.
bool asks_something(std::string_view utf8);

/// Whether she asks for a person instead of the machine: 转人工, 我要找真人, "transfer me to a person". No
/// guess: what is not plain is false, and so is 不要转人工.
bool asks_for_person(std::string_view utf8);

}  // namespace rapport::text
