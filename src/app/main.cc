#include "app/command.h"
#ifdef RAPPORT_TCMALLOC
#include "app/heap.h"
#endif

int main(int argc, char** argv) {
#ifdef RAPPORT_TCMALLOC
  rapport::app::ask_for_huge_pages();
#endif
  return rapport::app::run(argc, argv);
}
