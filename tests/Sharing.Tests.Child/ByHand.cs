using System.Runtime.InteropServices;

namespace Sharing.Tests.Child;

/// <summary>Stores files as many programs do, and acknowledges each: written, flushed, renamed, and the directory never flushed. What a power cut does
/// to them shows whether a trial of power cuts can see anything at all.</summary>
static partial class ByHand
{
    /// <summary>Stores some, and then stands still: nothing that comes later makes the last name durable by the way.</summary>
    public static int Run(string folder, int files)
    {
        Directory.CreateDirectory(folder);
        for (var i = 0; i < files; i++)
        {
            var bytes = new byte[20_000];
            new Random(i).NextBytes(bytes);
            var path = Path.Combine(folder, $"{i}");
            using (var file = File.OpenHandle(path + ".new", FileMode.Create, FileAccess.Write))
            {
                RandomAccess.Write(file, bytes, 0);
                if (Sync((int)file.DangerousGetHandle()) != 0)
                {
                    return 1;
                }
            }

            File.Move(path + ".new", path);
            Console.WriteLine($"file {i}");
        }

        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int file);
}
