// The textbook ScanCount: for each person, dense counters over the holders of his contacts, a list of those touched, cleared afterwards. One thread.
// Reads a file of books (people, then for each how many and which contacts, 32-bit), says: seconds pairs checksum.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>
int main(int argc, char** argv) {
  FILE* f = fopen(argv[1], "rb");
  const uint32_t k = 2, cap = 1000;
  uint32_t people, n, top = 0;
  if (!fread(&people, 4, 1, f)) return 1;
  std::vector<std::vector<uint32_t>> books(people);
  for (auto& b : books) {
    if (!fread(&n, 4, 1, f)) return 1;
    b.resize(n);
    if (n && fread(b.data(), 4, n, f) != n) return 1;
    for (auto c : b) if (c > top) top = c;
  }
  std::vector<std::vector<uint32_t>> holders(top + 1);
  for (uint32_t u = 0; u < people; u++) for (auto c : books[u]) holders[c].push_back(u);
  auto t = std::chrono::steady_clock::now();
  uint64_t pairs = 0, sum = 0;
  std::vector<uint32_t> counts(people), touched;
  for (uint32_t u = 0; u < people; u++) {
    touched.clear();
    for (auto c : books[u]) {
      auto& h = holders[c];
      if (h.size() > cap) continue;
      for (auto v : h) {
        if (v >= u) break;
        if (counts[v]++ == 0) touched.push_back(v);
      }
    }
    for (auto v : touched) {
      if (counts[v] >= k) { pairs++; sum += (uint64_t)u * 31 + v; }
      counts[v] = 0;
    }
  }
  std::chrono::duration<double> d = std::chrono::steady_clock::now() - t;
  printf("%.4f %llu %llu\n", d.count(), (unsigned long long)pairs, (unsigned long long)sum);
}
