using System.Net;

namespace Sharing.Apps;

/// <summary>Fetches the files of a repository. Thread-safe.</summary>
sealed class FdroidFetch(HttpClient http, FdroidSource source)
{
    /// <summary>Fetches the entry.</summary>
    /// <exception cref="PackageFormatException">It is longer than any entry.</exception>
    /// <exception cref="SharingException"><see cref="ProblemCodes.FetchFailed"/>.</exception>
    public async Task<MemoryStream> EntryAsync(CancellationToken cancellationToken)
    {
        using var response = await OpenAsync("entry.jar", cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[16 * 1024];
        var entry = new MemoryStream();
        for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (entry.Length + read > FdroidEntry.MostOfJar)
            {
                throw new PackageFormatException(PackageFault.Index, "The entry is too long.");
            }

            entry.Write(buffer, 0, read);
        }

        entry.Position = 0;
        return entry;
    }

    /// <summary>Fetches a file that the entry names, and hands its bytes on.</summary>
    /// <param name="file">The file.</param>
    /// <param name="take">Reads them to their end.</param>
    /// <param name="fetched">Told how many came, also where it fails.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PackageFormatException">It is another file.</exception>
    /// <exception cref="SharingException"><see cref="ProblemCodes.FetchFailed"/>.</exception>
    public async Task<T> FileAsync<T>(FdroidFile file, Func<Stream, Task<T>> take, Action<long> fetched, CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(file.Name, cancellationToken);
        await using var body = new CheckedStream(await response.Content.ReadAsStreamAsync(cancellationToken), file);
        try
        {
            return await take(body);
        }
        finally
        {
            fetched(body.Taken);
        }
    }

    async Task<HttpResponseMessage> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var response = await http.GetAsync(source.At(name), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentEncoding.Count == 0)
        {
            return response;
        }

        using (response)
        {
            throw new SharingException(
                ProblemCodes.FetchFailed,
                response.StatusCode == HttpStatusCode.OK ? "The repository encoded the bytes, although it was asked not to." : $"The repository answered {(int)response.StatusCode}.");
        }
    }
}
