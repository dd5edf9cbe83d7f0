using System.Globalization;

namespace Sharing.Photos;

/// <summary>Names of which each is there once.</summary>
static class OnlyName
{
    /// <summary>A name that is not there yet, and is from now on.</summary>
    public static string Of(string name, HashSet<string> names)
    {
        var (stem, extension, free) = (Path.GetFileNameWithoutExtension(name), Path.GetExtension(name), name);
        for (var i = 2; !names.Add(free); i++)
        {
            free = $"{stem} ({i.ToString(CultureInfo.InvariantCulture)}){extension}";
        }

        return free;
    }
}
