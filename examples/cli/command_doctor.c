/*
 * command_doctor.c - diagnose settings, keys, clock, network and permissions.
 *
 * Nothing is changed without --write-test, and nothing is sent with --offline. The exit code is that of
 * the first failure; with --strict, 1 when there are only warnings.
 */
#include "doctor.h"
#include "json_out.h"
#include "terminal.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

static const struct look {
    const char *name;
    enum terminal_style style;
} looks[] = {
    [DOCTOR_OK] = { "ok", STYLE_GREEN },
    [DOCTOR_WARN] = { "warn", STYLE_YELLOW },
    [DOCTOR_FAIL] = { "fail", STYLE_RED },
    [DOCTOR_SKIP] = { "skip", STYLE_DIM },
};

static size_t count_of(const struct doctor *doctor, enum doctor_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < doctor->count; i++)
        count += doctor->checks[i].state == state;
    return count;
}

static void write_text(const struct doctor *doctor)
{
    int colour = doctor->cli->colour_out;

    for (size_t i = 0; i < doctor->count; i++) {
        const struct doctor_check *check = &doctor->checks[i];
        const struct look *look = &looks[check->state];

        printf("%s%-4s%s  %-12s  ", terminal_style(colour, look->style), look->name,
               terminal_reset(colour), check->id);
        text_write_safe(check->message, stdout);
        if (check->has_ms)
            printf(" (%u ms)", check->ms);
        if (check->fix[0] != '\0') {
            printf("\n                    try: ");
            text_write_safe(check->fix, stdout);
        }
        putchar('\n');
    }
    printf("%zu ok, %zu warnings, %zu failures, %zu skipped\n", count_of(doctor, DOCTOR_OK),
           count_of(doctor, DOCTOR_WARN), count_of(doctor, DOCTOR_FAIL),
           count_of(doctor, DOCTOR_SKIP));
}

static void write_json(const struct doctor *doctor)
{
    struct json_out out;

    json_out_init(&out, stdout, doctor->cli->format == FORMAT_JSON ? 2 : 0);
    json_out_object(&out, NULL);
    json_out_text(&out, "schema", "icecat/doctor/1");
    json_out_bool(&out, "ok", count_of(doctor, DOCTOR_FAIL) == 0);
    json_out_array(&out, "checks");
    for (size_t i = 0; i < doctor->count; i++) {
        const struct doctor_check *check = &doctor->checks[i];

        json_out_object(&out, NULL);
        json_out_text(&out, "id", check->id);
        json_out_text(&out, "state", looks[check->state].name);
        json_out_text(&out, "message", check->message);
        if (check->fix[0] != '\0')
            json_out_text(&out, "fix", check->fix);
        if (check->has_ms)
            json_out_u64(&out, "ms", check->ms);
        json_out_close(&out);
    }
    json_out_end(&out);
}

static int exit_code(const struct doctor *doctor)
{
    for (size_t i = 0; i < doctor->count; i++) {
        if (doctor->checks[i].state == DOCTOR_FAIL)
            return icecat_status_exit_code(doctor->checks[i].status);
    }
    return options_count(&doctor->cli->options, OPTION_STRICT) > 0 &&
                   count_of(doctor, DOCTOR_WARN) > 0
               ? 1
               : 0;
}

static void check_all(struct doctor *doctor)
{
    struct cli *cli = doctor->cli;
    struct config_context context = { &cli->options, cli->cancel, cli_log_level(cli) };

    doctor_check_build(doctor);
    doctor_check_config(doctor, &context);
    doctor_check_profile(doctor);
    doctor_check_proxy(doctor);
    doctor_check_credentials(doctor);
    doctor_check_bucket(doctor);
    doctor_check_write(doctor);
    doctor_check_table(doctor);
    doctor_check_rekognition(doctor);
    doctor_check_clock(doctor);
    doctor_check_files(doctor);
    doctor_check_logs(doctor);
}

int command_doctor(struct cli *cli)
{
    struct doctor doctor;

    if (cli->format == FORMAT_CSV)
        return cli_fail_usage(cli, "doctor has no csv output");
    memset(&doctor, 0, sizeof(doctor));
    doctor.cli = cli;
    doctor.offline = options_count(&cli->options, OPTION_OFFLINE) > 0;
    check_all(&doctor);
    if (cli_is_json(cli))
        write_json(&doctor);
    else
        write_text(&doctor);
    return cli_signal() != 0 ? 128 + cli_signal() : exit_code(&doctor);
}
