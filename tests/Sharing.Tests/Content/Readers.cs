namespace Sharing.Tests.Content;

static class Readers
{
    public static async Task ReadExactlyAsync(this IContentReader reader, ContentArea area, long offset, Memory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var read = await reader.ReadAsync(area, offset, buffer);
            Assert.NotEqual(0, read);
            (offset, buffer) = (offset + read, buffer[read..]);
        }
    }
}
