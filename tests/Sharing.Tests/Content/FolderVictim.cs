using Sharing.Core;

namespace Sharing.Tests.Content;

/// <summary>What <see cref="FolderCrashTests"/> runs in a process of its own, to be traced, failed or killed there. Not a test by itself.</summary>
public sealed class FolderVictim
{
    internal const string FolderVariable = "SHARING_VICTIM_FOLDER";
    internal const int Length = 100_000;

    internal static readonly ContentId Old = new(Enumerable.Repeat((byte)0xab, ContentId.Size).ToArray());
    internal static readonly ContentId New = new(Enumerable.Repeat((byte)0xcd, ContentId.Size).ToArray());

    /// <summary>Publishes one content and deletes another, and notes beside the folder what was acknowledged.</summary>
    [Fact(Explicit = true)]
    public async Task Publishes_and_deletes()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable)
            ?? throw new InvalidOperationException($"{FolderVariable} is not set: only FolderCrashTests runs this.");
        await using var store = new FolderContentStore(folder);
        await PublishAsync(store, "new", New);
        await File.WriteAllTextAsync(folder + ".published", "");
        await store.DeleteAsync(Old);
        await File.WriteAllTextAsync(folder + ".deleted", "");
    }

    internal static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];

    internal static async Task PublishAsync(IContentStore store, string key, ContentId id)
    {
        await using var partial = await store.OpenPartialAsync(key);
        await WriteAsync(partial);
        await partial.PublishAsync(new(id, Length));
    }

    internal static async Task WriteAsync(IPartialContent partial)
    {
        await partial.WriteAsync(ContentArea.Data, 0, Bytes(Length));
        await partial.WriteAsync(ContentArea.Groups, 0, Bytes(64));
    }
}
