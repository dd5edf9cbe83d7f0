using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Photos;

namespace Sharing.Trials;

/// <summary>Twenty files of other projects, many of them hostile, on a photo server in this process: each is kept and comes back as it came; it has previews or a reason why not; its copies tell no place; and the process lives.</summary>
sealed class PicturesTrial : ITrial, IAsyncDisposable
{
    const int AtOnce = 20;

    static readonly PersonId s_anna = PersonId.Parse("anna");

    readonly Lazy<ServiceProvider> _services = new(static () =>
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSharing(static sharing => sharing.AddPhotos().WithBackgroundWork(false));
        return services.BuildServiceProvider();
    });

    readonly Lazy<IReadOnlyList<string>> _files;

    public PicturesTrial() => _files = new(() => [.. Directory.EnumerateFiles(Folder ?? Path.Combine(ScriptedFolder.Make("photos/corpus.sh", "sharing-test-corpus"), "files"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]);

    public string Name => "pictures";

    public int Count => (_files.Value.Count + AtOnce - 1) / AtOnce;

    /// <summary>Where the files are; <c>null</c>: those that tests/data/photos/corpus.sh fetches.</summary>
    public string? Folder { get; init; }

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        var (facts, states, slowest, copies) = (new JsonObject(), new SortedDictionary<string, int>(StringComparer.Ordinal), TimeSpan.Zero, 0);
        string? failure = null;
        foreach (var file in _files.Value.Skip(trial * AtOnce).Take(AtOnce))
        {
            var began = Stopwatch.GetTimestamp();
            var bytes = await File.ReadAllBytesAsync(file, cancellationToken);
            var (state, why) = await TakeAsync(bytes, cancellationToken);
            var (copied, broken) = await CopyAsync(bytes, cancellationToken);
            var took = Stopwatch.GetElapsedTime(began);
            states[state.ToString()] = states.GetValueOrDefault(state.ToString()) + 1;
            slowest = took > slowest ? took : slowest;
            copies += copied ? 1 : 0;
            failure ??= why is null && broken is null && took < TimeSpan.FromSeconds(60) ? null : $"{Path.GetFileName(file)}: {why ?? broken ?? $"took {took}"}";
        }

        foreach (var (state, count) in states)
        {
            facts[state] = count;
        }

        (facts["copies"], facts["slowestMs"], facts["files"]) = (copies, Math.Round(slowest.TotalMilliseconds), states.Values.Sum());
        return new(failure, facts);
    }

    async Task<(PreviewState State, string? Failure)> TakeAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        var (uploads, photos, making) = (_services.Value.GetRequiredService<Uploads>(), _services.Value.GetRequiredService<IPhotos>(), _services.Value.GetRequiredService<PictureMaking>());
        var upload = await uploads.CreateAsync(s_anna, PhotoUploads.Purpose, new(bytes.Length, UploadMetadata.Empty), cancellationToken) ?? throw new InvalidOperationException("Nobody takes photos.");
        await uploads.AppendAsync(s_anna, PhotoUploads.Purpose, upload.Id, new(0, new MemoryStream(bytes)), cancellationToken);
        var (id, began) = (PhotoId.Parse(upload.Id.Value), Stopwatch.GetTimestamp());
        Photo? photo;
        while ((photo = await photos.FindAsync(s_anna, id, cancellationToken))?.Previews == PreviewState.Pending && Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(5))
        {
            await (await making.RunOnceAsync(cancellationToken) ? Task.CompletedTask : Task.Delay(1, cancellationToken)); // work is due from the next millisecond on
        }

        if (photo is null || await photos.OpenAsync(s_anna, id, null, cancellationToken) is not { } original)
        {
            return (PreviewState.Pending, "it is not there");
        }

        await using var content = new ContentStream(original.Content, ContentArea.Data, 0);
        using var back = new MemoryStream();
        await content.CopyToAsync(back, cancellationToken);
        await photos.DeleteAsync(s_anna, id, cancellationToken);
        return (photo.Previews, !back.ToArray().AsSpan().SequenceEqual(bytes) ? "other bytes came back" : photo.Previews == PreviewState.Pending ? "nothing is known of its previews" : null);
    }

    static async Task<(bool Copied, string? Failure)> CopyAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        using var copy = new MemoryStream();
        try
        {
            await PictureCopy.WriteAsync(new MemoryStream(bytes), CopyMetadata.NoLocation, copy, cancellationToken);
        }
        catch (PictureFormatException)
        {
            return (false, null);
        }

        try
        {
            copy.Position = 0;
            return (true, (await PictureHeaderReader.ReadAsync(copy, cancellationToken: cancellationToken)).HasLocation ? "its copy tells a place" : null);
        }
        catch (PictureFormatException)
        {
            return (true, null); // as broken as the original
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_services.IsValueCreated)
        {
            await _services.Value.DisposeAsync();
        }
    }
}
