using System.Net.Http.Headers;
using Penstock.Config;
using Penstock.Json;
using Penstock.Providers;
using Penstock.Transport;

namespace Penstock.Pipeline;

/// <summary>A leaf, resolved against one exchange: everything that its calls have in common.</summary>
internal sealed class PreparedCall
{
    private static readonly ProductInfoHeaderValue UserAgent = new("Penstock", "1.0");

    public required Exchange Exchange { get; init; }

    public required LeafTarget Leaf { get; init; }

    public required ProviderRow Provider { get; init; }

    public required Uri Address { get; init; }

    /// <summary>Whether the host comes from the request rather than from the operator.</summary>
    public required bool CallerNamedHost { get; init; }

    public required Clocks Clocks { get; init; }

    /// <summary>Headers in the order in which they were decided; a later one beats an earlier one.</summary>
    public required List<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>Content type of the body; null leaves it out.</summary>
    public required string? ContentType { get; init; }

    /// <summary>How many choices the request asks for: as many must finish before a stream is complete.</summary>
    public required int Choices { get; init; }

    /// <summary>Whether the request asks for a stream.</summary>
    public required bool Streams { get; init; }

    /// <summary>The JSON or kept body as this target wants it.</summary>
    public required BodySegments Segments { get; init; }

    public HttpRequestMessage CreateMessage(AttemptClock clock)
    {
        var message = new HttpRequestMessage(Exchange.Method, Address);
        message.Options.Set(Dialer.Clock, clock);
        message.Content = CreateContent(clock);
        if (message.Content is not null && ContentType is not null) message.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);

        var named = false;
        foreach (var (name, value) in Headers)
        {
            named |= name.Equals("User-Agent", StringComparison.OrdinalIgnoreCase);
            if (!message.Headers.TryAddWithoutValidation(name, value)) message.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        if (!named) message.Headers.UserAgent.Add(UserAgent);
        message.Headers.TryAddWithoutValidation(HopCount.Header, HopCount.Next(Exchange.Headers));
        return message;
    }

    private HttpContent? CreateContent(AttemptClock clock)
    {
        if (Exchange.Upload is { } upload) return upload.ToContent(clock);
        if (Exchange.Body is { } body) return new LeasedContent(body, Segments);

        // A POST without a body still says so: some servers answer 411 otherwise.
        return Exchange.Method == HttpMethod.Post || Exchange.Method == HttpMethod.Put || Exchange.Method == HttpMethod.Patch
            ? new ByteArrayContent([])
            : null;
    }
}
