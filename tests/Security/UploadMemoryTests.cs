using System.Net;

namespace Penstock.Security.Tests;

/// <summary>Counts what the process allocates, so that nothing else may run beside it.</summary>
[CollectionDefinition(nameof(UploadMemoryTests), DisableParallelization = true)]
public sealed class UploadMemoryAlone;

/// <summary>Large uploads pass and are never held.</summary>
[Collection(nameof(UploadMemoryTests))]
public sealed class UploadMemoryTests
{
    private const int Bytes = 512 << 20;

    [Theory]
    [InlineData("application/octet-stream", true)]
    [InlineData("multipart/form-data; boundary=b", false)]
    public async Task Half_a_gigabyte_passes_in_a_few_megabytes(string contentType, bool isAnnounced)
    {
        await using var provider = new RawServer(async connection =>
        {
            var buffer = new byte[256 << 10];
            for (var spaces = 0L; spaces < Bytes;) spaces += buffer.AsSpan(0, await connection.Stream.ReadAsync(buffer, connection.Stop)).Count((byte)' ');
            await connection.AnswerAsync("{}", "Content-Type: application/json\r\n");
        });
        await using var world = await TestWorld.StartAsync();
        var content = new EndlessContent(Bytes, isAnnounced);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/files") { Content = content };
        request.Headers.Add("x-portkey-provider", "p0");
        request.Headers.Add("x-portkey-custom-host", provider.Uri("/v1").ToString());
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.Equal(HttpStatusCode.OK, (HttpStatusCode)(await world.SendAsync(request)).Status);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 40 << 20);
    }
}
