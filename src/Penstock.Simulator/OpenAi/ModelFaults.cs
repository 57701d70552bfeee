using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Penstock.Simulator.OpenAi;

/// <summary>
/// Faults that a plain client asks for by the name of the model. <c>NAME-N</c> counts events of a stream, of which the
/// first carries the role; times end in <c>ms</c>.
/// </summary>
internal sealed partial class ModelFaults
{
    private readonly ConcurrentDictionary<string, int> _counts = new();

    /// <param name="reply">What the answer would be without the fault.</param>
    public HttpReply Apply(ReceivedRequest request, HttpReply reply)
    {
        if (request.Model is not { } model) return reply;
        if (FailPattern().Match(model) is { Success: true } fail) return Fail(model, fail, reply);
        if (TimePattern().Match(model) is { Success: true } time)
        {
            var span = TimeSpan.FromMilliseconds(Number(time, "ms"));
            return time.Groups["name"].Value switch
            {
                "slow" => reply.After(span),
                "slow-first" => reply.BodyAfter(span),
                _ => reply.OnStream(stream => stream.Every(span)),
            };
        }

        return CountPattern().Match(model) is { Success: true } counted ? Break(counted, reply) : ByName(model, request, reply);
    }

    private static HttpReply Break(Match match, HttpReply reply)
    {
        var count = Number(match, "count");
        if (reply is not SseReply stream)
        {
            return match.Groups["name"].Value switch
            {
                "cut" => reply.CloseAfterBytes(count),
                "reset" => reply.ResetAfterBytes(count),
                _ => reply,
            };
        }

        return match.Groups["name"].Value switch
        {
            "cut" => stream.CloseAfterEvents(count),
            "reset" => stream.ResetAfterEvents(count),
            "stall" => stream.StallAfterEvents(count),
            "end" => stream.EndAfterEvents(count),
            "malformed" => stream.WithMalformedAt(count),
            _ => stream.WithErrorAt(count).EndAfterEvents(count + 1),
        };
    }

    private static HttpReply ByName(string model, ReceivedRequest request, HttpReply reply) => model switch
    {
        "reset" => Reply.Reset(),
        "close" => Reply.CloseWithoutAnswer(),
        "close-on-reuse" => request.NumberOnConnection > 1 ? Reply.CloseWithoutAnswer() : reply,
        "stall" => reply.HoldUntil(new TaskCompletionSource().Task),
        "stall-body" => reply.HoldBodyUntil(new TaskCompletionSource().Task),
        "garbage" => Reply.Garbage(),
        "huge-header" => reply.WithHugeHeader(),
        "early-hints" => reply.AfterInformational(),
        "html-502" => Reply.Html(),
        "text-500" => Reply.Text("upstream connect error or disconnect/reset before headers", 500),
        "empty-200" => Reply.Empty(),
        "wrong-type" => reply.WithHeader("content-type", "text/plain"),
        "malformed-json" => Reply.Json("""{"id":"chatcmpl-broken","choices":[{"""),
        "gzip" or "deflate" or "br" => reply.Encoded(model),
        "gzip-truncated" => reply.Encoded("gzip", isTruncated: true),
        "empty-stream" => reply.OnStream(static stream => stream.EndAfterEvents(0)),
        "done-only" => reply.OnStream(static stream => stream.EndAfterEvents(0) with { Terminal = stream.Terminal }),
        "error-first" => reply.OnStream(static stream => stream.WithErrorAt(0).EndAfterEvents(1)),
        "no-done" => reply.OnStream(static stream => stream.WithoutDone()),
        "no-finish" => reply.OnStream(static stream => stream.WithoutFinishReason()),
        "no-end" => reply.OnStream(static stream => stream.WithoutFinishReason().WithoutDone()),
        "no-blank-line" => reply.OnStream(static stream => stream.WithoutFinalBlankLine()),
        "malformed-event" => reply.OnStream(static stream => stream.WithMalformedAt(2)),
        "crlf" => reply.OnStream(static stream => stream.WithLineEnd("\r\n")),
        "cr" => reply.OnStream(static stream => stream.WithLineEnd("\r")),
        "pings" => reply.OnStream(static stream => stream.WithComments()),
        "every-byte" => reply.OnStream(static stream => stream.WrittenBy(SseWrites.Byte)),
        "every-line" => reply.OnStream(static stream => stream.WrittenBy(SseWrites.Line)),
        "burst" => reply.OnStream(static stream => stream.WrittenBy(SseWrites.Burst)),
        _ => reply,
    };

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("^fail-(?<status>[1-9][0-9]{2})(-retry-(?<after>[0-9]+))?(-retry-ms-(?<ms>[0-9]+))?(-times-(?<times>[0-9]+))?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FailPattern();

    [GeneratedRegex("^(?<name>slow|slow-first|paced)-(?<ms>[0-9]{1,8})ms$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TimePattern();

    [GeneratedRegex("^(?<name>cut|reset|stall|end|malformed|error)-after-(?<count>[0-9]{1,8})$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CountPattern();

    private HttpReply Fail(string model, Match match, HttpReply reply)
    {
        if (match.Groups["times"].Success && _counts.AddOrUpdate(model, 1, static (_, count) => count + 1) > Number(match, "times")) return reply;
        var failure = Reply.Status(Number(match, "status"));
        if (match.Groups["after"].Success) failure = failure.RetryAfter(match.Groups["after"].Value);
        return match.Groups["ms"].Success ? failure.RetryAfterMs(Number(match, "ms")) : failure;
    }
}
