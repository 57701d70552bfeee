using System.Globalization;
using System.Text;
using Penstock.Simulator.OpenAi;

namespace Penstock.Simulator.Canned;

/// <summary>The canned answers as they go over the wire, heads and chunk framing included.</summary>
internal sealed class CannedBytes
{
    private const string SmallText = "A penstock is a sluice or gate that controls the flow of water, or the closed pipe that carries it to a turbine. It opens, closes, keeps the pressure where it belongs, and is otherwise of little interest to those who only want the water to come.";

    public CannedBytes(CannedAnswers answers)
    {
        Small = Whole(ChatWriter.Whole(ChatAnswer.Of("canned-small", SmallText)));
        Embeddings = Whole(CannedEmbeddings(answers.EmbeddingVectors));
        var chunks = ChatWriter.Chunks(ChatAnswer.Of("canned-stream", string.Concat(Enumerable.Repeat("word ", answers.StreamChunks)).TrimEnd())).ToList();
        chunks.Add("[DONE]");
        var blocks = chunks.Select(Chunk).ToList();
        Stream = [[.. blocks[0], .. blocks[1]], .. blocks[2..]];
        Stream[0] = [.. Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-request-id: req_canned\r\ntransfer-encoding: chunked\r\n\r\n"), .. Stream[0]];
        Stream[^1] = [.. Stream[^1], .. "0\r\n\r\n"u8];
        Burst = [.. Stream.SelectMany(static chunk => chunk)];
    }

    /// <summary>A chat completion whose body has about 700 bytes.</summary>
    public byte[] Small { get; }

    public byte[] Embeddings { get; }

    /// <summary>
    /// One block per event with text; the first holds the head and the event that names the role, which comes with the
    /// first text as OpenAI's does; the last holds the end of the chunked body.
    /// </summary>
    public byte[][] Stream { get; }

    public byte[] Burst { get; }

    private static byte[] Whole(byte[] body) =>
    [
        .. Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req_canned\r\ncontent-length: {body.Length}\r\n\r\n")),
        .. body,
    ];

    private static byte[] Chunk(string data)
    {
        var bytes = Encoding.UTF8.GetBytes($"data: {data}\n\n");
        return [.. Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length:x}\r\n")), .. bytes, .. "\r\n"u8];
    }

    private static byte[] CannedEmbeddings(int count) => JsonBytes.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        for (var index = 0; index < count; index++)
        {
            json.WriteStartObject();
            json.WriteString("object", "embedding");
            json.WriteNumber("index", index);
            json.WriteStartArray("embedding");
            for (var dimension = 0; dimension < 1536; dimension++) json.WriteNumberValue(Math.Sin((index * 1536) + dimension));
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model", "canned-embeddings");
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", 8);
        json.WriteNumber("total_tokens", 8);
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
