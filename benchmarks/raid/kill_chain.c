/* The kill chain of hoplon.backbone.killchain by hand in C: the same keys, so the same digits.
   Build: cc -O3 -march=native -o kill_chain kill_chain.c
   Run:   kill_chain SEED REPLICATIONS THREATS KILL_THRESHOLD SHOTS_PER_LOOK LOOKS MAGAZINE
   Prints one JSON object: leakers, shots, CPU seconds. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define GAMMA 0x9E3779B97F4A7C15ULL

static inline uint64_t mixed(uint64_t word) {
  word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9ULL;
  word = (word ^ (word >> 27)) * 0x94D049BB133111EBULL;
  return word ^ (word >> 31);
}

static inline uint64_t key_of(uint64_t seed, uint64_t a, uint64_t b, uint64_t c, uint64_t d) {
  uint64_t state = mixed(seed + GAMMA);
  state = mixed((state + GAMMA) ^ a);
  state = mixed((state + GAMMA) ^ b);
  state = mixed((state + GAMMA) ^ c);
  return mixed((state + GAMMA) ^ d);
}

static inline int below(uint64_t draw_key, int64_t threat, int64_t shot, int64_t threshold) {
  return (int64_t)(key_of(draw_key, threat, shot, 0, 0) >> 11) < threshold;
}

int main(int argc, char **argv) {
  if (argc != 8) return 2;
  uint64_t seed = strtoull(argv[1], 0, 10);
  int64_t replications = atoll(argv[2]), threats = atoll(argv[3]), kill = atoll(argv[4]);
  int64_t shots_per_look = atoll(argv[5]), looks = atoll(argv[6]), magazine = atoll(argv[7]);
  int8_t *alive = malloc(threats);
  int32_t *fired = malloc(threats * sizeof *fired);
  int64_t leakers = 0, shots = 0;
  clock_t start = clock();
  for (int64_t replication = 0; replication < replications; replication++) {
    uint64_t draw_key = key_of(seed, replication, 0, 0, 0);
    int64_t left = magazine, flying = threats;
    for (int64_t t = 0; t < threats; t++) { alive[t] = 1; fired[t] = 0; }
    for (int64_t look = 0; look < looks; look++) {
      for (int64_t layer = 0; layer < shots_per_look; layer++)
        for (int64_t t = 0; t < threats; t++) {
          if (alive[t] == 0 || left == 0) continue;
          left--;
          if (alive[t] == 1 && below(draw_key, t, fired[t]++, kill)) alive[t] = -1;
        }
      for (int64_t t = 0; t < threats; t++)
        if (alive[t] == -1) { alive[t] = 0; flying--; }
    }
    leakers += flying;
    shots += magazine - left;
  }
  double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
  printf("{\"leakers\": %lld, \"shots\": %lld, \"cpu_s\": %.6f}\n", (long long)leakers, (long long)shots, seconds);
  return 0;
}
