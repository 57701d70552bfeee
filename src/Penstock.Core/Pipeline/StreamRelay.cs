using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Penstock.Dialects.OpenAi;
using Penstock.Providers;
using Penstock.Transport;

namespace Penstock.Pipeline;

/// <summary>
/// Passes an event stream to the client: whole events only, flushed as each read completes them. A stream that ends
/// before it is complete ends in an error event, so that it never looks finished.
/// </summary>
internal static class StreamRelay
{
    /// <summary>An event that grows beyond this passes in pieces rather than waiting for its end.</summary>
    private const int MaxTailBytes = 64 << 10;

    /// <exception cref="OperationCanceledException">The client left.</exception>
    public static async Task CopyAsync(UpstreamReply reply, PipeWriter client, PreparedStream stream, CancellationToken clientGone)
    {
        var isInsideEvent = false;
        var turn = new FairTurn();
        try
        {
            while (true)
            {
                reply.WatchWholeEvents();
                if (reply.Watcher!.Error is not null) reply.MaskKey();
                if (reply.Watcher.HasContent) reply.Clock.ContentArrived();
                if (reply.IsAtEnd) FinishTail(reply);

                var count = reply.WholeBytes;
                if (count > 0)
                {
                    isInsideEvent = false;
                }
                else if (reply.HeldBytes > MaxTailBytes)
                {
                    count = reply.HeldBytes;
                    isInsideEvent = true;
                }

                if (count > 0)
                {
                    client.Write(reply.Held[..count]);
                    reply.Consume(count);
                }

                if (reply.IsAtEnd) break;
                await Relay.NextAsync(reply, client, clientGone);
                if (turn.IsOverAfterStep()) await Task.Yield();
            }

            Conclude(reply, client, stream, isInsideEvent, broken: null);
        }
        catch (Exception e) when (!clientGone.IsCancellationRequested)
        {
            Conclude(reply, client, stream, isInsideEvent, e);
        }

        await client.FlushAsync(clientGone);
    }

    /// <summary>
    /// Some servers leave out the blank line behind the last event. What is left at a clean end counts as an event if it
    /// is one; half an event is not passed.
    /// </summary>
    private static void FinishTail(UpstreamReply reply)
    {
        var tail = reply.Held[reply.WholeBytes..].TrimEnd("\r\n"u8);
        if (!tail.StartsWith("data:"u8)) return;
        var data = tail[5..].Trim((byte)' ');
        if (!data.SequenceEqual("[DONE]"u8) && !IsJson(data)) return;
        reply.Append("\n\n"u8);
        reply.WatchWholeEvents();
    }

    private static bool IsJson(ReadOnlySpan<byte> data)
    {
        try
        {
            var reader = new Utf8JsonReader(data);
            return reader.Read() && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Conclude(UpstreamReply reply, PipeWriter client, PreparedStream stream, bool isInsideEvent, Exception? broken)
    {
        var watcher = reply.Watcher!;
        if (watcher.Error is not null) return;
        if (watcher.IsComplete && (broken is null || stream.Operation is Operation.Chat or Operation.Completion))
        {
            if (!watcher.HasEndMark && stream.Operation is Operation.Chat or Operation.Completion) client.Write("data: [DONE]\n\n"u8);
            return;
        }

        var error = reply.Clock.End != AttemptEnd.None
            ? AttemptErrors.Of(reply.Clock.End, stream.Provider, stream.Clocks)
            : GatewayError.BadGateway(broken is null
                ? $"{stream.Provider} ended its stream before it was complete."
                : $"{stream.Provider} broke off its stream: {UpstreamFault.Describe(broken)}");
        if (isInsideEvent) client.Write("\n\n"u8);
        client.Write(ProviderError.StreamEvent(stream.Operation, stream.Provider, error.Message, error.Type, error.Code));
    }
}

/// <summary>What the relay must know about the call behind a stream.</summary>
internal readonly record struct PreparedStream(string Provider, Operation Operation, Clocks Clocks);
