using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Penstock.Simulator.OpenAi;
using Penstock.Simulator.Wire;

namespace Penstock.Simulator;

/// <summary>One request as it arrived, and what became of its answer.</summary>
public sealed class ReceivedRequest
{
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lazy<JsonElement?> _json;
    private long _bytesWritten;

    internal ReceivedRequest(RequestHead head, byte[] body, long connectionId, int numberOnConnection, long number, DateTimeOffset arrivedAt)
    {
        Method = head.Method;
        RawTarget = head.RawTarget;
        Headers = head.Headers;
        Body = body;
        ConnectionId = connectionId;
        NumberOnConnection = numberOnConnection;
        Number = number;
        ArrivedAt = arrivedAt;
        _json = new Lazy<JsonElement?>(ParseBody);
    }

    public string Method { get; }

    /// <summary>The request target exactly as it stood in the request line: path and query, not decoded.</summary>
    public string RawTarget { get; }

    /// <summary>The target up to the question mark.</summary>
    public string Path => RawTarget.Split('?', 2)[0];

    /// <summary>What follows the question mark, without it; empty if there is none.</summary>
    public string Query => RawTarget.Contains('?', StringComparison.Ordinal) ? RawTarget.Split('?', 2)[1] : "";

    public ReceivedHeaders Headers { get; }

    /// <summary>The body as far as it was read: transfer coding removed, nothing else touched.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    public string BodyText => Encoding.UTF8.GetString(Body.Span);

    /// <summary>The body as JSON; null if it is none. Lenient: duplicate names are kept for the test to see.</summary>
    public JsonElement? Json => _json.Value;

    /// <summary>The top-level <c>model</c>, if the body is JSON and has one.</summary>
    public string? Model => Json?.FindText("model");

    /// <summary>The same for all requests on one connection.</summary>
    public long ConnectionId { get; }

    /// <summary>1 for the first request on its connection: more means that the client reused it.</summary>
    public int NumberOnConnection { get; }

    /// <summary>1 for the first request that the simulator received.</summary>
    public long Number { get; }

    public DateTimeOffset ArrivedAt { get; }

    /// <summary>Completes when the client went away before the answer was complete; else never.</summary>
    public Task Aborted => _aborted.Task;

    /// <summary>Completes when all of the answer was handed to the network, faults that end it early included; else never.</summary>
    public Task Completed => _completed.Task;

    /// <summary>How many bytes of the answer were written so far, head and framing included.</summary>
    public long BytesWritten => Interlocked.Read(ref _bytesWritten);

    internal void Wrote(int bytes) => Interlocked.Add(ref _bytesWritten, bytes);

    internal void Complete() => _completed.TrySetResult();

    internal void Abort() => _aborted.TrySetResult();

    private JsonElement? ParseBody()
    {
        if (Body.IsEmpty || !Utf8.IsValid(Body.Span)) return null;
        try
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
