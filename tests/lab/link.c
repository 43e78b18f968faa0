/* A slow, long, lossy link between two network namespaces: link.py builds, starts and steers this.
 *
 *   link NAMESPACE DEVICE NAMESPACE DEVICE      (the first end is the client's; as root)
 *
 * Each end is a TUN device. Every line on standard input replaces all parameters and is answered by
 * "ok" or a complaint; the program ends when standard input closes. Parameters are words KEY=VALUE, for
 * both directions or, as up.KEY=VALUE and down.KEY=VALUE, for one:
 *
 *   rate     kbit/s of IP bytes (suffix M: Mbit/s); 0, the default, is without limit
 *   queue    what waits in front of the rate: bytes, or with suffix ms the time they take (100ms); the tail is dropped
 *   delay    ms one way;  rtt = twice that
 *   jitter   standard deviation of extra delay, ms;  shape normal, uniform or exp;  jcorr its correlation time, ms
 *   reorder  1: a packet may overtake another
 *   loss     % of packets, each by itself, after the queue
 *   burst    PERCENT/LENGTH: lost in runs of that mean length (Gilbert's model)
 *   outage   EVERY/FOR ms: nothing passes for a while, again and again
 *   block    all, udp, tcp, icmp, with :PORT+PORT for these alone or !PORT+PORT for all others; commas between
 *   seed     of the random numbers
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <math.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { LONGEST = 2048, MOST = 1 << 15, RULES = 8, PORTS = 8 };
enum shape { NORMAL, UNIFORM, EXPONENTIAL };

struct packet { double due; uint64_t number; int length; unsigned char bytes[LONGEST]; };
struct rule { int protocol, all_but, count, port[PORTS]; };
struct way {                        /* one direction; times in ms */
    int from, to;
    double rate, queue_ms, queue_bytes, delay, jitter, jcorr, loss, into_burst, out_of_burst, every, lasts;
    enum shape shape; int reorder, rules; struct rule rule[RULES];
    double line_free, latest, wander, wandered; int in_burst; uint64_t numbered;
    struct packet *waiting[MOST]; int count;
};
static struct way ways[2];
static struct packet *spare[2 * MOST]; static int spares;
static uint64_t state = 1; static double started;

static void fail(const char *what) { perror(what); exit(1); }
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e3 + t.tv_nsec / 1e6; }
static double chance(void) {        /* xorshift64*: 0 < x < 1 */
    state ^= state >> 12; state ^= state << 25; state ^= state >> 27;
    return ((state * 2685821657736338717ull >> 11) + 0.5) / 9007199254740992.0;
}
static double bell(void) { return sqrt(-2 * log(chance())) * cos(2 * M_PI * chance()); }

static int set_rule(struct rule *rule, char *word) {
    char *ports = strpbrk(word, ":!");
    memset(rule, 0, sizeof *rule);
    rule->all_but = ports && *ports == '!';
    if (ports) {
        *ports++ = 0;
        for (char *rest, *port = strtok_r(ports, "+", &rest); port && rule->count < PORTS; port = strtok_r(0, "+", &rest))
            rule->port[rule->count++] = atoi(port);
    }
    rule->protocol = !strcmp(word, "udp") ? 17 : !strcmp(word, "tcp") ? 6 : !strcmp(word, "icmp") ? 1 : !strcmp(word, "all") ? 0 : -1;
    return rule->protocol >= 0;
}
static int set(struct way *way, const char *key, const char *value) {
    char *unit; double number = strtod(value, &unit), second = *unit == '/' ? atof(unit + 1) : 0;
    if (!strcmp(key, "rate")) way->rate = *unit == 'M' ? number * 1000 : number;
    else if (!strcmp(key, "queue")) { way->queue_ms = *unit ? number : 0; way->queue_bytes = *unit ? 0 : number; }
    else if (!strcmp(key, "delay")) way->delay = number;
    else if (!strcmp(key, "rtt")) way->delay = number / 2;
    else if (!strcmp(key, "jitter")) way->jitter = number;
    else if (!strcmp(key, "jcorr")) way->jcorr = number;
    else if (!strcmp(key, "jdist") || !strcmp(key, "shape")) way->shape = *value == 'u' ? UNIFORM : *value == 'e' ? EXPONENTIAL : NORMAL;
    else if (!strcmp(key, "reorder")) way->reorder = number != 0;
    else if (!strcmp(key, "loss")) way->loss = number / 100;
    else if (!strcmp(key, "burst")) {       /* share = into / (into + out of), mean length = 1 / out of */
        way->out_of_burst = 1 / (second > 1 ? second : 1);
        way->into_burst = number >= 100 ? 1 : way->out_of_burst * number / (100 - number);
    } else if (!strcmp(key, "outage")) { way->every = number; way->lasts = second; }
    else if (!strcmp(key, "block")) {
        char copy[256]; snprintf(copy, sizeof copy, "%s", value);
        for (char *rest, *word = strtok_r(copy, ",", &rest); word && way->rules < RULES; word = strtok_r(0, ",", &rest))
            if (!set_rule(&way->rule[way->rules++], word)) return 0;
    } else if (!strcmp(key, "seed")) state = (uint64_t)number * 2654435769u + 1;
    else return 0;
    return 1;
}
static void set_all(char *line) {
    for (int i = 0; i < 2; i++) {
        struct way *w = &ways[i];
        w->rate = w->queue_bytes = w->delay = w->jitter = w->jcorr = w->loss = w->into_burst = w->out_of_burst = w->every = w->lasts = 0;
        w->queue_ms = 100; w->shape = NORMAL; w->reorder = w->rules = 0;
    }
    for (char *rest, *word = strtok_r(line, " \n", &rest); word; word = strtok_r(0, " \n", &rest)) {
        char *value = strchr(word, '='); int good = value != 0;
        if (good) {
            *value++ = 0;
            if (!strncmp(word, "up.", 3)) good = set(&ways[0], word + 3, value);
            else if (!strncmp(word, "down.", 5)) good = set(&ways[1], word + 5, value);
            else good = set(&ways[0], word, value) && set(&ways[1], word, value);
        }
        if (!good) { printf("no parameter %s\n", word); fflush(stdout); return; }
    }
    for (int i = 0; i < 2; i++) {
        if (ways[i].queue_ms) ways[i].queue_bytes = ways[i].rate * ways[i].queue_ms / 8;
        if (ways[i].queue_bytes < 3000) ways[i].queue_bytes = 3000;
    }
    printf("ok\n"); fflush(stdout);
}

static int refused(const struct way *way, const struct packet *p) {
    const unsigned char *b = p->bytes; int v6 = b[0] >> 4 == 6, head = v6 ? 40 : (b[0] & 15) * 4;
    int protocol = v6 ? (b[6] == 58 ? 1 : b[6]) : b[9], from = -1, to = -1;
    if ((protocol == 6 || protocol == 17) && p->length >= head + 4) { from = b[head] << 8 | b[head + 1]; to = b[head + 2] << 8 | b[head + 3]; }
    for (int i = 0; i < way->rules; i++) {
        const struct rule *rule = &way->rule[i]; int named = 0;
        if (rule->protocol && rule->protocol != protocol) continue;
        for (int n = 0; n < rule->count; n++) named |= rule->port[n] == from || rule->port[n] == to;
        if (!rule->count || named != rule->all_but) return 1;
    }
    return 0;
}
static double wobble(struct way *way, double at) {
    if (!way->jitter) return 0;
    double keep = way->jcorr > 0 ? exp((way->wandered - at) / way->jcorr) : 0;
    way->wander = keep * way->wander + sqrt(1 - keep * keep) * bell(); way->wandered = at;
    double rank = 0.5 * erfc(-way->wander / M_SQRT2);
    if (way->shape == UNIFORM) return way->jitter * sqrt(12) * (rank - 0.5);
    return way->jitter * (way->shape == EXPONENTIAL ? -log(1 - rank + 1e-12) : way->wander);
}
static int earlier(const struct packet *a, const struct packet *b) { return a->due != b->due ? a->due < b->due : a->number < b->number; }
static int enters(struct way *way, struct packet *p, double at) {
    if (way->count == MOST || refused(way, p)) return 0;
    double leaves = at;
    if (way->rate > 0) {
        if (way->line_free < at) way->line_free = at;
        double queued = (way->line_free - at) * way->rate / 8;
        if (queued > 0 && queued + p->length > way->queue_bytes) return 0;
        leaves = way->line_free += p->length * 8 / way->rate;
    }
    if (way->every > 0 && fmod(at - started, way->every) >= way->every - way->lasts) return 0;
    if (way->into_burst > 0) { way->in_burst = way->in_burst ? chance() >= way->out_of_burst : chance() < way->into_burst; if (way->in_burst) return 0; }
    if (way->loss > 0 && chance() < way->loss) return 0;
    double extra = way->delay + wobble(way, at);
    p->due = leaves + (extra > 0 ? extra : 0);
    if (!way->reorder) { if (p->due < way->latest) p->due = way->latest; way->latest = p->due; }
    p->number = way->numbered++;
    int i = way->count++;
    for (; i && earlier(p, way->waiting[(i - 1) / 2]); i = (i - 1) / 2) way->waiting[i] = way->waiting[(i - 1) / 2];
    way->waiting[i] = p;
    return 1;
}
static struct packet *first(struct way *way) {
    struct packet *top = way->waiting[0], *last = way->waiting[--way->count]; int i = 0;
    for (int child; (child = 2 * i + 1) < way->count; i = child) {
        if (child + 1 < way->count && earlier(way->waiting[child + 1], way->waiting[child])) child++;
        if (!earlier(way->waiting[child], last)) break;
        way->waiting[i] = way->waiting[child];
    }
    way->waiting[i] = last;
    return top;
}
static void take_in(struct way *way) {
    for (int i = 0; i < 64; i++) {
        struct packet *p = spares ? spare[--spares] : malloc(sizeof *p);
        p->length = read(way->from, p->bytes, LONGEST);
        int there = p->length > 0;
        if (!there || !enters(way, p, now())) spare[spares++] = p;
        if (!there) return;
    }
}
static void give_out(struct way *way) {
    while (way->count && way->waiting[0]->due <= now() + 0.02) {
        struct packet *p = first(way);
        if (write(way->to, p->bytes, p->length) < 0) { /* the other end is down */ }
        spare[spares++] = p;
    }
}
static int tun(const char *namespace, const char *device) {
    char path[128]; snprintf(path, sizeof path, "/run/netns/%s", namespace);
    int home = open("/proc/self/ns/net", O_RDONLY), there = open(path, O_RDONLY);
    if (there < 0 || setns(there, CLONE_NEWNET)) fail(path);
    int file = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    if (file < 0) fail("/dev/net/tun");
    struct ifreq wish = { .ifr_flags = IFF_TUN | IFF_NO_PI }; snprintf(wish.ifr_name, IFNAMSIZ, "%s", device);
    if (ioctl(file, TUNSETIFF, &wish)) fail("TUNSETIFF");
    if (setns(home, CLONE_NEWNET)) fail("setns");
    close(home); close(there);
    return file;
}
int main(int count, char **words) {
    if (count != 5) { fprintf(stderr, "link NAMESPACE DEVICE NAMESPACE DEVICE\n"); return 2; }
    int a = tun(words[1], words[2]), b = tun(words[3], words[4]), timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    ways[0].from = ways[1].to = a; ways[0].to = ways[1].from = b; started = now();
    prctl(PR_SET_TIMERSLACK, 1); prctl(PR_SET_PDEATHSIG, 15); mlockall(MCL_CURRENT | MCL_FUTURE);
    sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){ .sched_priority = 30 });
    for (;;) {
        double due = INFINITY; struct itimerspec alarm = { 0 }; char line[1024]; uint64_t rang;
        for (int i = 0; i < 2; i++) if (ways[i].count && ways[i].waiting[0]->due < due) due = ways[i].waiting[0]->due;
        if (due < INFINITY) { alarm.it_value.tv_sec = due / 1e3; alarm.it_value.tv_nsec = fmod(due, 1e3) * 1e6 + 1; }
        timerfd_settime(timer, TFD_TIMER_ABSTIME, &alarm, 0);
        struct pollfd files[4] = { { a, POLLIN, 0 }, { b, POLLIN, 0 }, { timer, POLLIN, 0 }, { 0, POLLIN, 0 } };
        poll(files, 4, -1);
        if (files[2].revents && read(timer, &rang, sizeof rang)) {}
        if (files[0].revents) take_in(&ways[0]);
        if (files[1].revents) take_in(&ways[1]);
        for (int i = 0; i < 2; i++) give_out(&ways[i]);
        if (files[3].revents) {
            int length = read(0, line, sizeof line - 1);
            if (length <= 0) return 0;
            line[length] = 0; set_all(line);
        }
    }
}
