namespace Sharing.Core;

/// <summary>A small file that holds a secret: made once, durably, readable to this account alone.</summary>
public static class KeyFile
{
    const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads it, or makes it where it is not there. Two processes that make it at once come to the same.</summary>
    /// <exception cref="IOException">It can be neither read nor made durable.</exception>
    public static byte[] ReadOrMake(string path, Func<byte[]> make)
    {
        if (File.Exists(path))
        {
            return File.ReadAllBytes(path);
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        DurableFile.CreateDirectory(folder);
        var temporary = Path.Combine(folder, Path.GetRandomFileName());
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Private;
        }

        try
        {
            using (var file = new FileStream(temporary, options))
            {
                file.Write(make());
                file.Flush();
                DurableFile.Flush(file.SafeFileHandle, temporary);
            }

            try
            {
                File.Move(temporary, path);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another was faster: his counts.
            }

            DurableFile.FlushDirectory(folder);
        }
        finally
        {
            File.Delete(temporary);
        }

        return File.ReadAllBytes(path);
    }
}
