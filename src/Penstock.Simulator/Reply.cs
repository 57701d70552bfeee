using System.Text;

namespace Penstock.Simulator;

/// <summary>
/// What the simulator answers. Immutable; the options of <see cref="ReplyOptions"/> return changed copies, so that
/// <c>Reply.Status(429).WithHeader("retry-after", "1")</c> reads as one sentence.
/// </summary>
public abstract record Reply
{
    private protected Reply()
    {
    }

    /// <summary>What the simulator answers of its own accord: strict checks, then a deterministic answer.</summary>
    public static Reply Default { get; } = new ChosenReply(null);

    internal BodyReading Reading { get; init; } = BodyReading.Whole;

    /// <summary>Awaited before each read of the request body, if the reading is slow.</summary>
    internal Func<Task>? BeforeEachRead { get; init; }

    /// <summary>Decides when the request is there.</summary>
    public static Reply From(Func<ReceivedRequest, Reply> choose) => new ChosenReply(choose);

    /// <summary>A status with a body; without one, an error object as OpenAI words it, or nothing where none may be.</summary>
    public static HttpReply Status(int code, string? body = null)
    {
        if (code is 204 or 304) return new HttpReply { StatusCode = code };
        return Json(body ?? ErrorBodies.ForStatus(code), code);
    }

    public static HttpReply Json(string json, int status = 200) => Bytes(Encoding.UTF8.GetBytes(json), "application/json", status);

    public static HttpReply Json(ReadOnlyMemory<byte> json, int status = 200) => Bytes(json, "application/json", status);

    public static HttpReply Text(string text, int status = 200) => Bytes(Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8", status);

    /// <summary>An error page as a load balancer in front of a provider sends it.</summary>
    public static HttpReply Html(int status = 502, string html = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>") =>
        Bytes(Encoding.UTF8.GetBytes(html), "text/html", status);

    public static HttpReply Bytes(ReadOnlyMemory<byte> body, string contentType, int status = 200) =>
        new HttpReply { StatusCode = status, Body = [ReplyStep.Send(body)] }.WithHeader("content-type", contentType);

    /// <summary>A 200 without a body and without a type.</summary>
    public static HttpReply Empty(int status = 200) => new() { StatusCode = status };

    /// <summary>Server-sent events with these data lines, then <c>[DONE]</c>.</summary>
    public static SseReply Sse(params IEnumerable<string> data) =>
        new SseReply { Events = [.. data.Select(line => new SseEvent(line))] }.WithHeader("content-type", "text/event-stream");

    /// <summary>Bytes of an event stream exactly as given, each block one write.</summary>
    public static HttpReply SseRaw(params IEnumerable<ReadOnlyMemory<byte>> blocks) =>
        new HttpReply { Framing = Framing.Chunked, Body = [.. blocks.Select(ReplyStep.Send)] }.WithHeader("content-type", "text/event-stream");

    /// <summary>These bytes instead of an HTTP answer; then the connection closes.</summary>
    public static HttpReply Raw(ReadOnlyMemory<byte> bytes) => new() { Framing = Framing.Raw, Body = [ReplyStep.Send(bytes)] };

    /// <summary>Something that is no HTTP at all.</summary>
    public static HttpReply Garbage() => Raw("\u0016\u0003\u0001 this is not HTTP\r\n\r\n"u8.ToArray());

    /// <summary>Nothing at all until the client leaves or <paramref name="release"/> completes; then the default answer.</summary>
    public static Reply StallBeforeHeaders(Task? release = null) => Default.HoldUntil(release ?? Never());

    /// <summary>Status and headers of an event stream at once, then nothing until the client leaves or the release; then the default.</summary>
    public static Reply StallAfterHeaders(Task? release = null) => Default.HoldBodyUntil(release ?? Never());

    /// <summary>A TCP reset instead of an answer.</summary>
    public static HttpReply Reset() => new() { Framing = Framing.Raw, Body = [ReplyStep.Reset] };

    /// <summary>The connection is closed in order, without a byte.</summary>
    public static HttpReply CloseWithoutAnswer() => new() { Framing = Framing.Raw };

    /// <summary>
    /// Closes without a byte if the request came on a connection that had carried one before: how a kept-alive
    /// connection looks that the provider gave up while the request was on its way. On a fresh one: the default.
    /// </summary>
    public static Reply CloseIdleConnectionOnReuse() =>
        From(static request => request.NumberOnConnection > 1 ? CloseWithoutAnswer() : Default);

    internal abstract HttpReply Resolve(ReceivedRequest request, Func<ReceivedRequest, HttpReply> byDefault);

    internal abstract Reply Changed(Func<HttpReply, HttpReply> change);

    private static Task Never() => new TaskCompletionSource().Task;
}
