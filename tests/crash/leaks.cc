// What LeakSanitizer is told of the crash tests. A write that fails in the middle of a switch of memtables
// makes RocksDB 7.8 lose the new one, now and then. Only what is allocated inside that function is passed
// over.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:rocksdb::DBImpl::SwitchMemtable\n";
}
