using System.Net;
using System.Text;

namespace Penstock.Security.Tests;

/// <summary>A text and then spaces, made as they are sent. A gateway that has answered may hang up on it.</summary>
/// <param name="isAnnounced">False: in chunks, without a length.</param>
internal sealed class EndlessContent(long bytes, bool isAnnounced, string first = "") : HttpContent
{
    private static readonly byte[] Spaces = [.. Enumerable.Repeat((byte)' ', 64 << 10)];

    protected override bool TryComputeLength(out long length)
    {
        length = bytes;
        return isAnnounced;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var stop = Patience.Token;
        var start = Encoding.UTF8.GetBytes(first);
        await stream.WriteAsync(start, stop);
        try
        {
            for (var left = bytes - start.Length; left > 0; left -= Spaces.Length)
            {
                await stream.WriteAsync(Spaces.AsMemory(0, (int)Math.Min(left, Spaces.Length)), stop);
            }
        }
        catch (IOException) when (!isAnnounced)
        {
            // It did.
        }
    }
}
