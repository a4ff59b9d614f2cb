// Writes one JSON object.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace routerd::load {

class JsonWriter {
 public:
  JsonWriter() { Open('{'); }

  void Text(std::string_view name, std::string_view value);
  void Number(std::string_view name, double value);  // whole ones without a fraction
  void Object(std::string_view name);                // until End
  void List(std::string_view name);                  // of Items, until End
  void Item(std::string_view value);
  void End();

  // Ends what is open.
  std::string Finish();

 private:
  void Open(char bracket);
  void Name(std::string_view name);
  void Next();
  void Quote(std::string_view text);

  std::string text_;
  std::vector<char> open_;  // closing brackets
  bool first_ = true;
};

}  // namespace routerd::load
