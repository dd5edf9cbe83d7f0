using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Testing;

namespace Sharing.Tests.Personal;

/// <summary>Takes out and erases what a host keeps about somebody, and looks for what is left.</summary>
static class Erasing
{
    /// <summary>Everything that the host gives out about somebody: the texts of JSON files and the bytes of others as Latin-1, by path.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ExportAsync(IServiceProvider host, PersonId person, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await host.GetRequiredService<PersonalData>().ExportAsync(person, bytes, cancellationToken);
        await using var zip = new ZipArchive(bytes);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync(cancellationToken), entry.Name.EndsWith(".json", StringComparison.Ordinal) ? Encoding.UTF8 : Encoding.Latin1);
            files[entry.FullName] = await reader.ReadToEndAsync(cancellationToken);
        }

        return files;
    }

    /// <summary>Erases somebody. A clock that stands still is set forward where a part waits.</summary>
    public static async Task EraseAsync(IServiceProvider host, PersonId person, CancellationToken cancellationToken)
    {
        var personal = host.GetRequiredService<PersonalData>();
        await personal.EraseAsync(person, cancellationToken);
        for (var rounds = 0; (await personal.StateAsync(person, cancellationToken))!.Done is null; rounds++)
        {
            Assert.True(rounds < 1200, $"What is left: {string.Join(", ", (await personal.StateAsync(person, cancellationToken))!.WaitsFor)}");
            if (!await personal.RunOnceAsync(cancellationToken))
            {
                (host.GetRequiredService<TimeProvider>() as FakeTimeProvider)?.Advance(TimeSpan.FromSeconds(30));
                await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, cancellationToken); // a part waits for something that is under way
            }
        }
    }

    /// <summary>Has one part erase until it is done, or until something fails as planned.</summary>
    /// <returns>Whether it failed.</returns>
    public static async Task<bool> InterruptAsync(IPersonalData part, PersonId person, CancellationToken cancellationToken)
    {
        try
        {
            for (var rounds = 0; !await part.EraseAsync(person, TimeProvider.System.GetUtcNow(), cancellationToken); rounds++)
            {
                Assert.True(rounds < 20, $"The part '{part.Name}' does not come to an end.");
            }

            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>The records in whose key or value a text is found.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(IServiceProvider host, IReadOnlyCollection<string> texts, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        await foreach (var record in host.GetRequiredService<IRecordStore>().ScanAsync(RecordRange.All, cancellationToken))
        {
            var all = Uri.UnescapeDataString(record.Key.Value) + "\n" + Encoding.UTF8.GetString(record.Json.Span);
            found.AddRange(texts.Where(text => all.Contains(text, StringComparison.OrdinalIgnoreCase)).Select(text => $"{text}: {record.Key} {Encoding.UTF8.GetString(record.Json.Span)}"));
        }

        return found;
    }
}
