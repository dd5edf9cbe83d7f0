namespace Sharing.Core;

/// <summary>Saves under a name that a stranger may have chosen: inside the folder, over nothing that is there.</summary>
public static class SafeFile
{
    /// <summary>Saves bytes, whole or not at all.</summary>
    /// <param name="folder">The folder, made where it is not there.</param>
    /// <param name="name">The name, whoever chose it.</param>
    /// <param name="bytes">The bytes, read to their end and disposed.</param>
    /// <param name="cancellationToken">Gives up; nothing stays.</param>
    /// <returns>Where it is; a name that was taken has a number.</returns>
    public static async Task<string> SaveAsync(string folder, string name, Stream bytes, CancellationToken cancellationToken)
    {
        name = FileName.From(name) ?? "download"; // whatever a caller or an old record says
        Directory.CreateDirectory(folder);
        var part = Path.Combine(folder, $".{Guid.NewGuid():n}.part");
        try
        {
            await using (bytes)
            await using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
            {
                await bytes.CopyToAsync(file, 1 << 16, cancellationToken);
            }

            var target = Reserve(folder, name);
            try
            {
                File.Move(part, target, overwrite: true);
                return target;
            }
            catch
            {
                File.Delete(target);
                throw;
            }
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Makes an empty file under the first name that is free. Moving without overwriting looks, then moves, and two could do that at once.</summary>
    static string Reserve(string folder, string name)
    {
        var target = Path.Combine(folder, name);
        for (var number = 1; ; number++)
        {
            try
            {
                using var file = new FileStream(target, FileMode.CreateNew);
                return target;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && (File.Exists(target) || Directory.Exists(target)))
            {
                target = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(name)} ({number}){Path.GetExtension(name)}");
            }
        }
    }
}
