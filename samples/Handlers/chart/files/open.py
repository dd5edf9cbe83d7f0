# A chart: the bytes 00 "CHART1", then numbers. Shown as bars. The resource is the file "input", what is to be shown goes into the file "output".
numbers = [int(word) for word in open("input", "rb").read()[7:].split()]
with open("output", "w") as output:
    for number in numbers:
        output.write(f"{number:3} {'#' * min(number, 200)}\n")
