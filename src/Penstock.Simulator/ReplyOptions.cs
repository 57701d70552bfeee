using Penstock.Simulator.Wire;

namespace Penstock.Simulator;

/// <summary>Options that any reply takes. Each returns a changed copy of the same kind.</summary>
public static class ReplyOptions
{
    /// <summary>Adds a header; <c>content-type</c> is replaced.</summary>
    public static T WithHeader<T>(this T reply, string name, string value)
        where T : Reply
        => Change(reply, http => http with { Headers = (name == "content-type" ? WithoutType(http) : http.Headers).Add(new(name, value)) });

    /// <summary>Adds <c>retry-after</c>: seconds or an HTTP date.</summary>
    public static T RetryAfter<T>(this T reply, string value)
        where T : Reply
        => reply.WithHeader("retry-after", value);

    public static T RetryAfterMs<T>(this T reply, int milliseconds)
        where T : Reply
        => reply.WithHeader("retry-after-ms", milliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static T WithStatus<T>(this T reply, int code)
        where T : Reply
        => Change(reply, http => http with { StatusCode = code });

    public static T WithFraming<T>(this T reply, Framing framing)
        where T : Reply
        => Change(reply, http => http with { Framing = framing });

    /// <summary>Adds one header of so many bytes: more than most clients accept.</summary>
    public static T WithHugeHeader<T>(this T reply, int bytes = 1 << 20)
        where T : Reply
        => reply.WithHeader("x-huge", new string('h', bytes));

    /// <summary>Sends an informational answer, such as 103, ahead of the real one.</summary>
    public static T AfterInformational<T>(this T reply, int code = 103)
        where T : Reply
        => Change(reply, http => http with { Informational = http.Informational.Add(code) });

    /// <summary>Writes nothing before the gate opens.</summary>
    public static T HoldUntil<T>(this T reply, Task gate)
        where T : Reply
        => Change(reply, http => http with { Before = http.Before.Add(ReplyStep.Wait(gate)) });

    /// <summary>Writes nothing before the time has passed, by the simulator's clock.</summary>
    public static T After<T>(this T reply, TimeSpan delay)
        where T : Reply
        => Change(reply, http => http with { Before = http.Before.Add(ReplyStep.Pause(delay)) });

    /// <summary>Writes the head at once and the body when the gate opens.</summary>
    public static T HoldBodyUntil<T>(this T reply, Task gate)
        where T : Reply
        => Change(reply, http => http with { BeforeBody = http.BeforeBody.Add(ReplyStep.Wait(gate)) });

    /// <summary>Writes the head at once and the body after the time, by the simulator's clock.</summary>
    public static T BodyAfter<T>(this T reply, TimeSpan delay)
        where T : Reply
        => Change(reply, http => http with { BeforeBody = http.BeforeBody.Add(ReplyStep.Pause(delay)) });

    /// <summary>A TCP reset after so many bytes of the body.</summary>
    public static T ResetAfterBytes<T>(this T reply, long bytes)
        where T : Reply
        => Change(reply, http => http with { CutAfterBytes = bytes, CutStep = ReplyStep.Reset });

    /// <summary>An end in order after so many bytes of the body: less than <c>content-length</c> says, or without the last chunk.</summary>
    public static T CloseAfterBytes<T>(this T reply, long bytes)
        where T : Reply
        => Change(reply, http => http with { CutAfterBytes = bytes, CutStep = ReplyStep.Close });

    /// <summary>Content coding although nobody asked for it.</summary>
    /// <param name="coding">gzip, deflate or br.</param>
    /// <param name="isTruncated">Breaks the coded data off in the middle; the HTTP framing stays whole.</param>
    public static T Encoded<T>(this T reply, string coding, bool isTruncated = false)
        where T : Reply
        => Change(reply, http => http with { Coding = new BodyCoding(coding, isTruncated) }).WithHeader("content-encoding", coding);

    /// <summary>Ends the connection in order after the answer, and says so.</summary>
    public static T ClosingConnection<T>(this T reply)
        where T : Reply
        => Change(reply, http => http with { ClosesConnection = true });

    /// <summary>Answers as soon as the request's head is there, and drops its body afterwards.</summary>
    public static T BeforeBodyIsRead<T>(this T reply)
        where T : Reply
        => (T)(reply with { Reading = BodyReading.AfterTheAnswer });

    /// <summary>Reads the request's body slowly: awaits this before each read.</summary>
    public static T ReadingBodySlowly<T>(this T reply, Func<Task> beforeEachRead)
        where T : Reply
        => (T)(reply with { BeforeEachRead = beforeEachRead });

    /// <summary>Changes the events, if the reply turns out to be a stream of them.</summary>
    public static T OnStream<T>(this T reply, Func<SseReply, SseReply> change)
        where T : Reply
        => Change(reply, http => http is SseReply stream ? change(stream) : http);

    private static T Change<T>(T reply, Func<HttpReply, HttpReply> change)
        where T : Reply
        => (T)reply.Changed(change);

    private static System.Collections.Immutable.ImmutableList<KeyValuePair<string, string>> WithoutType(HttpReply http) =>
        http.Headers.RemoveAll(static header => header.Key == "content-type");
}
